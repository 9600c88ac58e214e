/**
 * `fednva/policy`: what policy modules of your own are written with. `docs/policy.md` shows it at work.
 *
 * The rooms of this house do not come by here: each imports the file it means.
 */
export type { AttributesView } from '../../wire/update-view.ts'
export type { AttributeChanges, RouteChanges } from './changes.ts'
export { type AttributesModule, defineModule, type Here, type ModuleDefinition, type RouteModule } from './definition.ts'
export type { RouteAttributes, RouteSeen } from './route.ts'
