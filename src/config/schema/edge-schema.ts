/** The configuration file of an edge (`fednva nve`), as text. */
import { z } from 'zod'
import { address, asn, bgpIdentifier, connectRetry, endpoint, holdTime, listenEndpoint, mac, NAME, password, port } from './fields.ts'
import { apiFile, logFile, vnFile } from './nva-schema.ts'

const nveFile = z.strictObject({
  name: NAME,
  asn,
  routerId: bgpIdentifier,
  vtep: address,
  nvas: z.array(endpoint).min(1, 'at least one address of an NVA'),
  port: port.optional(),
  listen: z.array(listenEndpoint).optional(),
  localAddress: address.optional(),
  holdTime: holdTime.optional(),
  connectRetry: connectRetry.optional(),
  password: password.optional(),
  api: apiFile.optional(),
  log: logFile.optional(),
})

const tenantFile = z.strictObject({ vn: NAME, mac, ip: address.optional() })

export const edgeFile = z
  .strictObject({
    nve: nveFile,
    vns: z.record(NAME, vnFile).nullish(),
    tenants: z.array(tenantFile).nullish(),
  })
  .meta({ title: 'fednva: configuration of an edge' })

export type NveFile = z.output<typeof nveFile>
