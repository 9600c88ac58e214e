import { type Beside, type Checked, type Configuration, checkYaml } from './configuration.ts'
import { readYaml } from './file/yaml-source.ts'
import * as language from './policies/policy-language.ts'

/** Checks the text of an NVA's configuration file, at once; `file` names it in problems, and its folder is where paths inside it begin. */
export function checkText(text: string, file: string, beside: Beside = {}): Checked<Configuration> {
  return checkYaml(readYaml(text, file), file, language, beside)
}
