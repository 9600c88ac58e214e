import { type Beside, type Checked, type Configuration, checkYaml } from './configuration.ts'
import * as language from './policy-language.ts'
import { readYaml } from './yaml-source.ts'

/** Checks the text of an NVA's configuration file, at once; `file` names it in problems, and its folder is where paths inside it begin. */
export function checkText(text: string, file: string, beside: Beside = {}): Checked<Configuration> {
  return checkYaml(readYaml(text, file), file, language, beside)
}
