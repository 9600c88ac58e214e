"""ExaBGP 4.2 with EVPN routes.

ExaBGP 4.2 encodes and decodes EVPN types 1 to 5 but has neither a configuration word nor an API word that would announce one. This starts the
ordinary daemon and hands every configured neighbour its routes the way its own configuration parser would: as changes. Session, packing,
attributes and NLRI octets are ExaBGP's.
"""

import sys

from exabgp.application import main
from exabgp.bgp.message import OUT
from exabgp.bgp.message.update.attribute import ASPath, Attributes, LocalPreference, Origin
from exabgp.bgp.message.update.attribute.community.extended import ExtendedCommunities
from exabgp.bgp.message.update.attribute.community.extended.encapsulation import Encapsulation
from exabgp.bgp.message.update.attribute.community.extended.rt import RouteTargetASN2Number
from exabgp.bgp.message.update.nlri.evpn.ethernetad import EthernetAD
from exabgp.bgp.message.update.nlri.evpn.mac import MAC
from exabgp.bgp.message.update.nlri.evpn.multicast import Multicast
from exabgp.bgp.message.update.nlri.evpn.prefix import Prefix
from exabgp.bgp.message.update.nlri.evpn.segment import EthernetSegment
from exabgp.bgp.message.update.nlri.qualifier import ESI, EthernetTag, Labels, RouteDistinguisher
from exabgp.bgp.message.update.nlri.qualifier import MAC as MACAddress
from exabgp.bgp.neighbor import Neighbor
from exabgp.protocol.ip import IP
from exabgp.rib.change import Change

VNI = 9902
SEGMENT = bytes([0, 2, 0, 0, 0, 0, 0, 0, 0, 0x22])


def routes(next_hop):
    rd = RouteDistinguisher.fromElements(next_hop, 7)
    esi = ESI(SEGMENT)
    none = ESI()
    tag = EthernetTag(0)
    label = Labels([], raw_labels=[VNI])
    zero4 = IP.create('0.0.0.0')
    zero6 = IP.create('::')
    mac = MACAddress('02:00:00:0e:0a:01')
    return [
        EthernetAD(rd, esi, tag, label),
        EthernetAD(rd, esi, EthernetTag(EthernetTag.MAX), Labels([], raw_labels=[0])),
        MAC(rd, none, tag, mac, 48, label, None),
        MAC(rd, esi, tag, mac, 48, label, IP.create('192.168.99.1')),
        MAC(rd, none, tag, mac, 48, label, IP.create('2001:db8:99::1')),
        Multicast(rd, tag, IP.create(next_hop)),
        EthernetSegment(rd, esi, IP.create(next_hop)),
        Prefix(rd, none, tag, label, IP.create('198.51.100.0'), 24, zero4),
        Prefix(rd, none, tag, label, IP.create('2001:db8:5::'), 48, zero6),
    ]


def changes(next_hop):
    attributes = Attributes()
    attributes.add(Origin(Origin.IGP))
    attributes.add(ASPath([], []))
    attributes.add(LocalPreference(100))
    communities = ExtendedCommunities()
    communities.add(RouteTargetASN2Number(65001, VNI))
    communities.add(Encapsulation(Encapsulation.Type.VXLAN))
    attributes.add(communities)
    for nlri in routes(next_hop):
        nlri.action = OUT.ANNOUNCE
        nlri.nexthop = IP.create(next_hop)
        yield Change(nlri, attributes)


def install():
    plain = Neighbor.make_rib

    def make_rib(self):
        plain(self)
        self.changes.extend(changes(str(self.local_address)))

    Neighbor.make_rib = make_rib


install()
sys.exit(main())
