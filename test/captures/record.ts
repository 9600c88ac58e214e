/**
 * Records what tshark says of the captures beside this file, reduced to the fields that `decode` is compared with: `node test/captures/record.ts`.
 * Writes `tshark/<capture>.txt`: for each BGP message a line `#<packet> <length>`, then a line for each field: offset within the message, octets, name of
 * ours, value as tshark shows it.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Fields of tshark, and what they are called here. */
const NAMES: Readonly<Record<string, string>> = {
  'bgp.length': 'length',
  'bgp.type': 'type',
  'bgp.update.withdrawn_routes.length': 'withdrawnLength',
  'bgp.update.path_attributes.length': 'attributesLength',
  'bgp.update.path_attribute.flags': 'flags',
  'bgp.update.path_attribute.type_code': 'type',
  'bgp.update.path_attribute.length': 'length',
  'bgp.update.path_attribute.origin': 'value',
  'bgp.update.path_attribute.as_path_segment.type': 'type',
  'bgp.update.path_attribute.as_path_segment.length': 'count',
  'bgp.update.path_attribute.as_path_segment.as4': 'as',
  'bgp.update.path_attribute.multi_exit_disc': 'value',
  'bgp.update.path_attribute.local_pref': 'value',
  'bgp.update.path_attribute.originator_id': 'value',
  'bgp.path_attribute.cluster_id': 'clusterId',
  'bgp.update.path_attribute.mp_reach_nlri.afi': 'afi',
  'bgp.update.path_attribute.mp_reach_nlri.safi': 'safi',
  'bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4': 'nextHop',
  'bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv6': 'nextHop',
  'bgp.update.path_attribute.mp_unreach_nlri.afi': 'afi',
  'bgp.update.path_attribute.mp_unreach_nlri.safi': 'safi',
  'bgp.evpn.nlri.rt': 'routeType',
  'bgp.evpn.nlri.len': 'length',
  'bgp.evpn.nlri.rd': 'rd',
  'bgp.evpn.nlri.esi': 'esi',
  'bgp.evpn.nlri.etag': 'ethernetTag',
  'bgp.evpn.nlri.maclen': 'macLength',
  'bgp.evpn.nlri.mac_addr': 'mac',
  'bgp.evpn.nlri.iplen': 'ipLength',
  'bgp.evpn.nlri.prefix_len': 'ipPrefixLength',
  'bgp.evpn.nlri.ip.addr': 'ip',
  'bgp.evpn.nlri.ipv6.addr': 'ip',
  'bgp.evpn.nlri.ipv4.gtw_addr': 'gatewayIp',
  'bgp.evpn.nlri.ipv6.gtw_addr': 'gatewayIp',
  'bgp.evpn.nlri.mpls_ls1': 'label1',
  'bgp.evpn.nlri.mpls_ls2': 'label2',
  'bgp.evpn.nlri.vni': 'vni',
  'bgp.update.path_attribute.pmsi.tunnel.flags': 'flags',
  'bgp.update.path_attribute.pmsi.tunnel.type': 'tunnelType',
  'bgp.update.path_attribute.pmsi.ingress_rep_ip': 'endpoint',
  'bgp.ext_com.type': 'type',
  'bgp.ext_com.stype_tr_as2': 'subtype',
  'bgp.ext_com.stype_tr_opaque': 'subtype',
  'bgp.ext_com.stype_tr_evpn': 'subtype',
  'bgp.ext_com.value_as2': 'as2',
  'bgp.ext_com.value_an4': 'number4',
  'bgp.ext_com.tunnel_type': 'tunnelType',
  'bgp.ext_com_evpn.mmac.flags': 'flags',
  'bgp.ext_com_evpn.mmac.seq': 'sequence',
  'bgp.ext_com_evpn.esi.router_mac': 'mac',
  'bgp.ext_com_evpn.esi.rt': 'mac',
  'bgp.open.version': 'version',
  'bgp.open.myas': 'myAs',
  'bgp.open.holdtime': 'holdTime',
  'bgp.open.identifier': 'bgpId',
  'bgp.open.opt.len': 'parametersLength',
  'bgp.open.opt.param.type': 'type',
  'bgp.open.opt.param.len': 'length',
  'bgp.cap.type': 'code',
  'bgp.cap.length': 'length',
  'bgp.cap.mp.afi': 'afi',
  'bgp.cap.mp.safi': 'safi',
  'bgp.cap.4as': 'as',
  'bgp.cap.ap.afi': 'afi',
  'bgp.cap.ap.safi': 'safi',
  'bgp.cap.ap.sendreceive': 'mode',
  'bgp.cap.gr.timers': 'flagsAndRestartTime',
  'bgp.cap.orf.fqdn.hostname.len': 'hostnameLength',
  'bgp.cap.orf.fqdn.hostname': 'hostname',
  'bgp.cap.orf.fqdn.domain_name.len': 'domainLength',
  'bgp.notify.major_error': 'code',
  'bgp.notify.minor_error_cease': 'subcode',
  'bgp.notify.minor_error_expired': 'subcode',
  'bgp.notify.minor_error_state': 'subcode',
  'bgp.route_refresh.afi': 'afi',
  'bgp.route_refresh.subtype': 'subtype',
  'bgp.route_refresh.safi': 'safi',
}

interface Tag {
  readonly element: string
  readonly attributes: Readonly<Record<string, string>>
}

function tagsOf(xml: string): Tag[] {
  return [...xml.matchAll(/<(packet|proto|field) ?([^>]*?)\/?>/g)].map(([, element, text]) => ({
    element: element!,
    attributes: Object.fromEntries([...text!.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
  }))
}

/** The value as this project writes it, where tshark shows another form. */
function shown(name: string, { show = '', showname = '' }: Readonly<Record<string, string>>): string {
  if (name === 'bgp.evpn.nlri.rd') return /\(([^)]*)\)$/.exec(showname)?.[1] ?? show
  if (name === 'bgp.update.path_attribute.origin') return (/: (\w+)/.exec(showname)?.[1] ?? show).toLowerCase()
  return show
}

function recorded(capture: string): string {
  const xml = execFileSync('tshark', ['-r', capture, '-T', 'pdml', '-Y', 'bgp'], {
    maxBuffer: 1 << 28,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines: string[] = []
  let packet = ''
  let start = 0
  for (const { element, attributes } of tagsOf(xml)) {
    const { name = '', pos = '0', size = '0', show = '' } = attributes
    if (element === 'field' && name === 'num') packet = show
    if (element === 'proto' && name === 'bgp') {
      start = Number(pos)
      lines.push(`#${packet} ${size}`)
    }
    const ours = element === 'field' ? NAMES[name] : undefined
    if (ours !== undefined && size !== '0') lines.push(`${Number(pos) - start} ${size} ${ours} ${shown(name, attributes)}`)
  }
  return `${lines.join('\n')}\n`
}

const folder = import.meta.dirname
for (const file of readdirSync(folder).filter((name) => name.endsWith('.pcap'))) {
  const text = recorded(join(folder, file))
  if (text.trim() !== '') writeFileSync(join(folder, 'tshark', file.replace('.pcap', '.txt')), text)
}
