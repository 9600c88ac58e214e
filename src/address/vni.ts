/** VXLAN network identifiers: 24 bits (RFC 7348 §5). 0 names no virtual network here: in a label field it means that there is none. */
export const VNI_MAX = 0xffffff
