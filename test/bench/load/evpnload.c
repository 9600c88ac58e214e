/*
 * evpnload - BGP EVPN (AFI 25 / SAFI 70) load generator and verifier for route reflectors.
 *
 * Single file, no dependencies:   gcc -O2 -Wall -o evpnload evpnload.c -lm
 *
 * Opens S sender and R receiver sessions to a device under test (DUT), each from its own loopback
 * address, sends pre-encoded EVPN routes, and decodes and verifies everything that the receivers get:
 * every NLRI is compared byte for byte with what was sent, and next hop, route target, encapsulation,
 * ORIGINATOR_ID, CLUSTER_LIST, PMSI are checked.  Prints one JSON object on stdout.
 *
 * Of this project; test/bench/README.md says what it is used for, `evpnload --help` what it takes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ------------------------------------------------------------------ options */
static char o_host[64] = "127.0.0.1";
static int o_port = 1790;
static char o_pids[256] = "";
static int S = 4, R = 4, LATE = 0, STALL = 0, n_per = 5000, V = 50, o_npu = 0 /* 0 = as many as fit */;
static uint32_t o_as = 65000;            /* the DUT's AS and, for iBGP, everyone's AS */
static uint32_t o_sas = 0, o_ras = 0;    /* sender / receiver AS (0 = o_as, i.e. iBGP) */
static int o_sas_step = 0, o_ras_step = 0;
static int o_extmsg = 0, o_hold = 180, o_settle_ms = 2000, o_quiet_ms = 400;
static int o_pct_ip = 50, o_pct_t5 = 10, o_t3 = 1;
static int o_shared_rd = 0, o_nh_session = 0;
static int o_reflect = 1;                /* expect ORIGINATOR_ID / CLUSTER_LIST */
static double o_churn_pct = 10, o_timeout = 120;
static int o_lat_n = 300, o_lat_ms = 20;
static int o_rcvbuf = 0;
static int o_raw = 0;
static int o_parse_senders = 0;
static int o_stop_on_fail = 1;
static int o_blast_loss = 1;
static char o_phases[256] = "initial";
static char o_hex[512] = "";
static char o_label[128] = "";
static int o_verbose = 0;
static int o_subnet = 0;                 /* 127.<subnet>.x.y */

static void die(const char *f, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void die(const char *f, ...) {
  va_list a; va_start(a, f); fprintf(stderr, "evpnload: "); vfprintf(stderr, f, a); fputc('\n', stderr); va_end(a); exit(2);
}
static inline uint64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec; }
static void *xcalloc(size_t n, size_t s) { void *p = calloc(n, s); if (!p) die("out of memory"); return p; }

/* ------------------------------------------------------------------ byte helpers */
static inline void p16(uint8_t *p, unsigned v) { p[0] = v >> 8; p[1] = v; }
static inline void p32(uint8_t *p, uint32_t v) { p[0] = v >> 24; p[1] = v >> 16; p[2] = v >> 8; p[3] = v; }
static inline unsigned g16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static inline uint32_t g32(const uint8_t *p) { return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }
static inline uint32_t g24(const uint8_t *p) { return p[0] << 16 | p[1] << 8 | p[2]; }

typedef struct { uint8_t *p; size_t len, cap; } Buf;
static void bput(Buf *b, const void *d, size_t n) {
  if (b->len + n > b->cap) { b->cap = (b->len + n) * 2 + 4096; b->p = realloc(b->p, b->cap); if (!b->p) die("out of memory"); }
  memcpy(b->p + b->len, d, n); b->len += n;
}

/* ------------------------------------------------------------------ addressing
 * session i of a role:  127.<subnet>.(base + i/250).(1 + i%250);  sender base 16, receiver base 128, late base 192, stalled 224.
 * router id and (default) next hop: the same with first octet 10.                                              */
enum { SENDER, RECEIVER, LATEJ, STALLED };
static uint32_t addr_of(int role, int i) {
  static const int base[] = {16, 128, 192, 224};
  return 127u << 24 | o_subnet << 16 | (uint32_t)(base[role] + i / 250) << 8 | (1 + i % 250);
}
static uint32_t rid_of(int role, int i) { return (addr_of(role, i) & 0x00ffffff) | 10u << 24; }
static uint32_t nh_of(int s) { return o_nh_session ? addr_of(SENDER, s) : rid_of(SENDER, s); }
static inline int sender_from_rid(uint32_t a) { /* -1 if none */
  int x = (int)(a >> 8 & 255) - 16, y = (int)(a & 255) - 1;
  if ((a >> 16) != (10u << 8 | o_subnet) || x < 0 || y < 0 || y >= 250) return -1;
  int s = x * 250 + y; return s < S ? s : -1;
}
static uint32_t as_of(int role, int i) {
  if (role == SENDER) return (o_sas ? o_sas : o_as) + (uint32_t)(o_sas ? i * o_sas_step : 0);
  return (o_ras ? o_ras : o_as) + (uint32_t)(o_ras ? (role == LATEJ ? R + i : role == STALLED ? R + LATE + i : i) * o_ras_step : 0);
}

/* ------------------------------------------------------------------ route table
 * slot = origin * n_per + idx            route as originated
 * slot + N                               the same route moved to sender (origin+1)%S (own-RD mode only)        */
#define STRIDE 40
#define VNI0 10000
static int N, NSLOT;
static uint8_t *arena;        /* expected NLRI per slot */
static uint8_t *kindv;        /* per idx within a sender: 0 t2 mac-only, 1 t2 mac+ip, 2 t3, 3 t5 */
static uint16_t *vniv;        /* per idx: VNI ordinal */
static uint8_t *desired;      /* per slot: 0 absent, else version */

static void layout(void) {
  kindv = xcalloc(n_per, 1); vniv = xcalloc(n_per, 2);
  if (V > n_per) V = n_per;
  if (V > 65000) die("at most 65000 VNIs");
  int nv = n_per / V;
  for (int i = 0; i < n_per; i++) {
    int v = i / nv; if (v >= V) v = V - 1;
    int j = i - v * nv, sz = v == V - 1 ? n_per - v * nv : nv;
    int t3 = o_t3 && sz > 1, n5 = (sz - t3) * o_pct_t5 / 100;
    vniv[i] = v;
    if (t3 && j == 0) kindv[i] = 2;
    else if (j - t3 < n5) kindv[i] = 3;
    else kindv[i] = ((j - t3 - n5) * 37 % 100) < o_pct_ip ? 1 : 0;
  }
}
static void put_rd(uint8_t *p, int adv, int v) {
  if (o_shared_rd) { p16(p, 0); p16(p + 2, o_as & 0xffff); p32(p + 4, VNI0 + v); }
  else { p16(p, 1); p32(p + 2, rid_of(SENDER, adv)); p16(p + 6, v + 2); }
}
static int enc_nlri(uint8_t *p, int origin, int idx, int adv) {
  int v = vniv[idx], k = kindv[idx]; uint8_t *q = p + 2;
  put_rd(q, adv, v); q += 8;
  switch (k) {
  case 0: case 1:
    memset(q, 0, 14); q += 14;                          /* ESI 0, ethernet tag 0 */
    *q++ = 48; q[0] = 2; p16(q + 1, origin); q[3] = idx >> 16; p16(q + 4, idx & 0xffff); q += 6;
    if (k) { *q++ = 32; p32(q, 10u << 24 | idx); q += 4; } else *q++ = 0;
    q[0] = (VNI0 + v) >> 16; p16(q + 1, (VNI0 + v) & 0xffff); q += 3;
    p[0] = 2; break;
  case 2:
    p32(q, 0); q += 4; *q++ = 32; p32(q, nh_of(adv)); q += 4; p[0] = 3; break;
  case 3:
    memset(q, 0, 14); q += 14; *q++ = 32; p32(q, (uint32_t)origin << 22 | idx); q += 4;
    p32(q, 0); q += 4; q[0] = (VNI0 + v) >> 16; p16(q + 1, (VNI0 + v) & 0xffff); q += 3;
    p[0] = 5; break;
  }
  p[1] = q - p - 2;
  return q - p;
}
static int is_t2(int idx) { return kindv[idx] < 2; }

/* path attributes other than MP_REACH; kind group 0 = t2, 1 = t3, 2 = t5 */
static int grp_of(int idx) { return kindv[idx] < 2 ? 0 : kindv[idx] - 1; }
static int enc_attrs(uint8_t *p, int adv, int v, int g, int seq) {
  uint8_t *q = p; uint32_t as = as_of(SENDER, adv);
  *q++ = 0x40; *q++ = 1; *q++ = 1; *q++ = 0;                                   /* ORIGIN IGP */
  if (as == o_as) { *q++ = 0x40; *q++ = 2; *q++ = 0; *q++ = 0x40; *q++ = 5; *q++ = 4; p32(q, 100); q += 4; }
  else { *q++ = 0x40; *q++ = 2; *q++ = 6; *q++ = 2; *q++ = 1; p32(q, as); q += 4; }
  int nec = 2 + (g == 2) + (seq > 0 && g == 0);
  *q++ = 0xc0; *q++ = 16; *q++ = nec * 8;
  *q++ = 0x00; *q++ = 0x02; p16(q, o_as & 0xffff); p32(q + 2, VNI0 + v); q += 6;  /* route target AS:VNI */
  *q++ = 0x03; *q++ = 0x0c; p32(q, 0); p16(q + 4, 8); q += 6;                    /* encapsulation VXLAN */
  if (g == 2) { *q++ = 0x06; *q++ = 0x03; q[0] = 2; q[1] = 1; p32(q + 2, nh_of(adv)); q += 6; } /* router MAC */
  if (seq > 0 && g == 0) { *q++ = 0x06; *q++ = 0x00; q[0] = 0; q[1] = 0; p32(q + 2, seq); q += 6; } /* MAC mobility */
  if (g == 1) { *q++ = 0xc0; *q++ = 22; *q++ = 9; *q++ = 0; *q++ = 6; q[0] = (VNI0 + v) >> 16; p16(q + 1, (VNI0 + v) & 0xffff); q += 3; p32(q, nh_of(adv)); q += 4; }
  return q - p;
}

typedef struct { Buf *out; int adv, v, g, seq, unreach, cnt, nlen, alen; uint8_t at[256]; uint8_t nl[65536]; size_t msgs; } Bld;
static void bld_flush(Bld *b) {
  if (!b->cnt) return;
  uint8_t h[64]; int mp = b->unreach ? 3 + b->nlen : 9 + b->nlen;
  int attrs = 4 + mp + (b->unreach ? 0 : b->alen), tot = 23 + attrs;
  memset(h, 0xff, 16); p16(h + 16, tot); h[18] = 2; p16(h + 19, 0); p16(h + 21, attrs);
  h[23] = 0x90; h[24] = b->unreach ? 15 : 14; p16(h + 25, mp); p16(h + 27, 25); h[29] = 70;
  if (b->unreach) bput(b->out, h, 30);
  else { h[30] = 4; p32(h + 31, nh_of(b->adv)); h[35] = 0; bput(b->out, h, 36); }
  bput(b->out, b->nl, b->nlen);
  if (!b->unreach) bput(b->out, b->at, b->alen);
  b->cnt = b->nlen = 0; b->msgs++;
}
static void bld_add(Bld *b, int adv, int origin, int idx, int seq, int unreach, int npu) {
  int v = vniv[idx], g = grp_of(idx);
  if (b->cnt && (b->adv != adv || b->unreach != unreach || (!unreach && (b->v != v || b->g != g || b->seq != seq)))) bld_flush(b);
  if (!b->cnt) { b->adv = adv; b->v = v; b->g = g; b->seq = seq; b->unreach = unreach; b->alen = unreach ? 0 : enc_attrs(b->at, adv, v, g, seq); }
  b->nlen += enc_nlri(b->nl + b->nlen, origin, idx, adv); b->cnt++;
  int max = o_extmsg ? 65535 : 4096;
  if ((npu && b->cnt >= npu) || 36 + b->alen + b->nlen + STRIDE > max) bld_flush(b);
}

/* ------------------------------------------------------------------ sessions */
typedef struct Seg { struct Seg *next; const uint8_t *p; size_t len, off; int own; } Seg;
typedef struct Conn {
  int fd, role, idx, state;      /* 0 idle, 1 connecting, 2 opensent, 3 openconfirm, 4 established, 5 dead */
  uint32_t laddr, rid, as;
  uint8_t *part; int plen;       /* left-over of an incomplete message */
  Seg *head, *tail; int wantout;
  uint64_t t_start, t_est, t_retry, t_ka, t_conv, t_eor;
  uint8_t *st; int64_t missing;  /* receivers: state per slot, number of slots that differ from desired */
  uint64_t rx_bytes, rx_upd, rx_nlri, rx_wd, rx_dup, rx_eor, rx_back;
  uint64_t lat_seen; int retries;
} Conn;
static Conn *conns; static int nconn; static int ep;
static int n_est, n_conv_target, n_conv;
static Conn **rcv; static int nrcv;          /* receivers taking part */
static uint64_t t_last_rx;
static uint64_t rx_total_bytes;
static struct { uint64_t nlri, unknown, nh, rt, noorig, badorig, nocluster, noencap, nopmsi, aspath, malformed, wd_unknown, attrflag, nolocpref; } err;
static uint64_t n_stall_lost, n_drop, n_notif; static int last_notif[2] = {-1, -1}; static int dropping;
static int dut_caps_evpn = 1, dut_ext = 0, dut_addpath = 0; static uint32_t dut_as_seen, dut_rid;
static FILE *hexf;
/* latency probe */
static int lat_slot = -1, lat_ver, lat_pending; static uint64_t lat_t0; static double *lat_v; static size_t lat_n, lat_cap;
static uint64_t lat_last;

static void ep_set(Conn *c, int out) {
  struct epoll_event e = {.events = (c->role == STALLED && c->state == 4 ? 0 : EPOLLIN) | (out ? EPOLLOUT : 0), .data.ptr = c};
  if (epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e) < 0) die("epoll_ctl: %s", strerror(errno));
  c->wantout = out;
}
static void c_close(Conn *c, int dead) {
  if (c->fd >= 0) { close(c->fd); c->fd = -1; }
  while (c->head) { Seg *s = c->head; c->head = s->next; if (s->own) free((void *)s->p); free(s); }
  c->tail = NULL; c->plen = 0; c->wantout = 0;
  if (c->state == 4) n_est--;
  c->state = dead ? 5 : 0;
}
static void c_lost(Conn *c, const char *why) {
  if (o_verbose) fprintf(stderr, "session role %d #%d lost in state %d: %s\n", c->role, c->idx, c->state, why);
  if (c->state == 4 && c->role == STALLED) { n_stall_lost++; c_close(c, 1); }
  else if (c->state == 4) { if (!dropping) { n_drop++; if (n_drop <= 3) fprintf(stderr, "evpnload: established session role %d #%d lost: %s (notification %d/%d)\n", c->role, c->idx, why, last_notif[0], last_notif[1]); } c_close(c, 1); }
  else { c->retries++; c_close(c, 0); c->t_retry = now_ns() + 200000000ull; }
}
static void c_flush(Conn *c) {
  while (c->head) {
    struct iovec iov[64]; int n = 0; size_t want = 0;
    for (Seg *s = c->head; s && n < 64; s = s->next, n++) { iov[n].iov_base = (void *)(s->p + s->off); iov[n].iov_len = s->len - s->off; want += iov[n].iov_len; }
    ssize_t w = writev(c->fd, iov, n);
    if (w < 0) { if (errno == EAGAIN) { if (!c->wantout) ep_set(c, 1); return; } c_lost(c, strerror(errno)); return; }
    size_t left = w;
    while (left && c->head) {
      Seg *s = c->head; size_t m = s->len - s->off; if (m > left) { s->off += left; left = 0; break; }
      left -= m; c->head = s->next; if (!c->head) c->tail = NULL; if (s->own) free((void *)s->p); free(s);
    }
    if ((size_t)w < want) { if (!c->wantout) ep_set(c, 1); return; }
  }
  if (c->wantout) ep_set(c, 0);
}
static void c_queue(Conn *c, const void *p, size_t len, int copy) {
  if (!len || c->fd < 0) return;
  Seg *s = xcalloc(1, sizeof *s); s->len = len; s->own = copy;
  if (copy) { uint8_t *d = malloc(len); memcpy(d, p, len); s->p = d; } else s->p = p;
  if (c->tail) c->tail->next = s; else c->head = s;
  c->tail = s;
}
static void c_connect(Conn *c) {
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) die("socket: %s (raise ulimit -n)", strerror(errno));
  int one = 1; setsockopt(c->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (c->role == STALLED) { int b = 65536; setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &b, sizeof b); }
  if (o_rcvbuf) setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &o_rcvbuf, sizeof o_rcvbuf);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(c->laddr)};
  if (bind(c->fd, (void *)&a, sizeof a) < 0) die("bind: %s", strerror(errno));
  struct sockaddr_in d = {.sin_family = AF_INET, .sin_port = htons(o_port)};
  if (inet_pton(AF_INET, o_host, &d.sin_addr) != 1) die("bad host %s", o_host);
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
  if (!c->t_start) c->t_start = now_ns();
  int r = connect(c->fd, (void *)&d, sizeof d);
  c->state = 1; c->wantout = 1;
  if (epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e) < 0) die("epoll_ctl add");
  if (r < 0 && errno != EINPROGRESS) c_lost(c, strerror(errno));
}
static void send_open(Conn *c) {
  uint8_t m[128], *q = m + 29; memset(m, 0xff, 16);
  uint8_t *cap = q + 2;
  *cap++ = 1; *cap++ = 4; p16(cap, 25); cap[2] = 0; cap[3] = 70; cap += 4;
  *cap++ = 2; *cap++ = 0;
  *cap++ = 65; *cap++ = 4; p32(cap, c->as); cap += 4;
  if (o_extmsg) { *cap++ = 6; *cap++ = 0; }
  q[0] = 2; q[1] = cap - q - 2; m[28] = cap - q;
  m[18] = 1; m[19] = 4; p16(m + 20, c->as > 65535 ? 23456 : c->as); p16(m + 22, o_hold); p32(m + 24, c->rid);
  p16(m + 16, cap - m);
  c_queue(c, m, cap - m, 1); c->state = 2;
}
static void send_ka(Conn *c) {
  uint8_t m[19]; memset(m, 0xff, 16); p16(m + 16, 19); m[18] = 4; c_queue(c, m, 19, 1); c->t_ka = now_ns();
}
static void got_open(Conn *c, const uint8_t *m, int len) {
  int evpn = 0;
  dut_as_seen = g16(m + 20); dut_rid = g32(m + 24);
  const uint8_t *p = m + 29, *e = m + len;
  while (p + 2 <= e) {
    int t = p[0], l = p[1]; const uint8_t *q = p + 2, *f = q + l; if (f > e) break;
    if (t == 2) while (q + 2 <= f) {
      if (q[0] == 1 && q[1] == 4 && g16(q + 2) == 25 && q[5] == 70) evpn = 1;
      if (q[0] == 6) dut_ext = 1;
      if (q[0] == 69) dut_addpath = 1;
      if (q[0] == 65 && q[1] == 4) dut_as_seen = g32(q + 2);
      q += 2 + q[1];
    }
    p = f;
  }
  if (!evpn) dut_caps_evpn = 0;
  c->state = 3; send_ka(c);
}

/* ------------------------------------------------------------------ receiving updates */
static inline void set_state(Conn *c, int slot, int ver) {
  int old = c->st[slot];
  if (old == ver) { if (ver) c->rx_dup++; return; }
  c->st[slot] = ver;
  int d = desired[slot];
  if (old == d) { if (c->missing++ == 0) n_conv--; }
  else if (ver == d) { if (--c->missing == 0) { n_conv++; c->t_conv = now_ns(); } }
}
/* decode an NLRI to its slot; -1 when it is not one of ours.  ver_hint: MAC mobility version (shared-RD mode). */
static int so_origin, so_idx, so_moved;
static inline int slot_of(const uint8_t *p, int len) {
  const uint8_t *q = p + 2; int adv = -1, v, origin, idx;
  if (len < 2 + 8 + 9) return -1;
  if (!o_shared_rd) {
    if (q[0] != 0 || q[1] != 1) return -1;
    adv = sender_from_rid(g32(q + 2)); v = (int)g16(q + 6) - 2;
    if (adv < 0) return -1;
  } else v = (int)g32(q + 4) - VNI0;
  if (v < 0 || v >= V) return -1;
  q += 8;
  switch (p[0]) {
  case 2: if (len < 35) return -1; origin = g16(q + 16); idx = g24(q + 18); break;
  case 5: { if (len != 36) return -1; uint32_t a = g32(q + 15); origin = a >> 22; idx = a & 0x3fffff; break; }
  case 3: idx = v * (n_per / V); if (len != 19) return -1;
    origin = o_shared_rd ? sender_from_rid(o_nh_session ? (g32(q + 5) & 0xffffff) | 10u << 24 : g32(q + 5)) : adv; break;
  default: return -1;
  }
  if (origin < 0 || origin >= S || idx >= n_per) return -1;
  int slot = origin * n_per + idx; so_origin = origin; so_idx = idx; so_moved = 0;
  if (!o_shared_rd && adv != origin) { if (adv != (origin + 1) % S) return -1; slot += N; so_moved = 1; }
  const uint8_t *a = arena + (size_t)slot * STRIDE;
  if (a[1] + 2 != len || memcmp(a, p, len)) return -1;
  return slot;
}
static void do_update(Conn *c, const uint8_t *m, int len) {
  const uint8_t *e = m + len, *p = m + 19;
  c->rx_upd++;
  if (p + 2 > e) { err.malformed++; return; }
  int wl = g16(p); p += 2 + wl; if (p + 2 > e) { err.malformed++; return; }
  int al = g16(p); p += 2; const uint8_t *ae = p + al; if (ae > e) { err.malformed++; return; }
  if (al == 0 && wl == 0) return; /* IPv4 EoR */
  const uint8_t *reach = NULL, *unreach = NULL; int rl = 0, ul = 0;
  uint32_t orig = 0, rt_v = 0xffffffff, rt_as = 0, seq = 0; int clen = 0, encap = 0, pmsi = 0, asp = -1, lp = 0; uint32_t asp1 = 0;
  while (p + 3 <= ae) {
    int fl = p[0], ty = p[1], l; const uint8_t *q;
    if (fl & 0x10) { if (p + 4 > ae) { err.malformed++; return; } l = g16(p + 2); q = p + 4; } else { l = p[2]; q = p + 3; }
    if (q + l > ae) { err.malformed++; return; }
    switch (ty) {
    case 1: if ((fl & 0xe0) != 0x40) err.attrflag++; break;
    case 2: asp = l; if (l >= 6) asp1 = g32(q + 2); break;
    case 5: lp = 1; break;
    case 9: if (l == 4) orig = g32(q); if ((fl & 0xe0) != 0x80) err.attrflag++; break;
    case 10: clen = l; if ((fl & 0xe0) != 0x80) err.attrflag++; break;
    case 14: reach = q; rl = l; break;
    case 15: unreach = q; ul = l; break;
    case 16:
      for (int i = 0; i + 8 <= l; i += 8) {
        unsigned t = g16(q + i);
        if (t == 0x0002) { rt_as = g16(q + i + 2); rt_v = g32(q + i + 4) - VNI0; }
        else if (t == 0x030c) encap = g16(q + i + 6) == 8;
        else if (t == 0x0600) seq = g32(q + i + 4);
      }
      break;
    case 22: pmsi = 1; break;
    }
    p = q + l;
  }
  if (unreach && ul >= 3 && g16(unreach) == 25 && unreach[2] == 70) {
    const uint8_t *q = unreach + 3, *f = unreach + ul;
    if (q == f) { c->rx_eor++; if (!c->t_eor) c->t_eor = now_ns(); }
    while (q + 2 <= f) {
      int l = q[1] + 2; if (q + l > f) { err.malformed++; break; }
      c->rx_wd++;
      int s = slot_of(q, l);
      /* RFC 7432: the label is not part of the key and may be anything in a withdrawal; try with our own */
      if (s < 0 && (q[0] == 2 || q[0] == 5)) {
        uint8_t t[64]; if (l <= 64) { memcpy(t, q, l); for (int v = 0; v < 1; v++) {
          int vv = o_shared_rd ? (int)g32(t + 6) : VNI0 + (int)g16(t + 8) - 2; t[l - 3] = vv >> 16; p16(t + l - 2, vv & 0xffff); s = slot_of(t, l); } }
      }
      if (s < 0) err.wd_unknown++;
      else set_state(c, s, 0);
      q += l;
    }
  }
  if (reach && rl >= 5 && g16(reach) == 25 && reach[2] == 70) {
    int nl = reach[3]; const uint8_t *q = reach + 4; uint32_t nh = nl == 4 ? g32(q) : 0;
    q += nl + 1; const uint8_t *f = reach + rl;
    int c_adv = -1; uint32_t c_nh = 0, c_rid = 0, c_as = 0;
    int ver = seq + 1 > 250 ? 250 : (int)seq + 1;
    if (o_reflect) {
      if (!orig) err.noorig++;
      if (clen < 4 || clen % 4) err.nocluster++;
      if (!lp) err.nolocpref++;
    }
    if (!encap) err.noencap++;
    while (q + 2 <= f) {
      int l = q[1] + 2; if (q + l > f) { err.malformed++; break; }
      c->rx_nlri++;
      int s = slot_of(q, l);
      if (s < 0) { err.nlri++; if (err.nlri <= 3 && o_verbose) { fprintf(stderr, "unknown NLRI:"); for (int i = 0; i < l; i++) fprintf(stderr, " %02x", q[i]); fprintf(stderr, "\n"); } }
      else {
        int moved = so_moved, o = so_origin, idx = so_idx;
        int adv = moved ? (o + 1 == S ? 0 : o + 1) : o;
        if (o_shared_rd && is_t2(idx) && nh == nh_of((o + 1) % S)) adv = (o + 1) % S; /* moved, same RD */
        if (adv != c_adv) { c_adv = adv; c_nh = nh_of(adv); c_rid = rid_of(SENDER, adv); c_as = as_of(SENDER, adv); }
        if (nh != c_nh) err.nh++;
        if (rt_v != vniv[idx] || rt_as != (o_as & 0xffff)) err.rt++;
        if (o_reflect && orig && orig != c_rid) err.badorig++;
        if (kindv[idx] == 2 && !pmsi) err.nopmsi++;
        { uint32_t sa = c_as; if (sa == o_as ? (c->as == o_as ? asp != 0 : (asp != 6 || asp1 != o_as)) : asp < 6) err.aspath++; }
        set_state(c, s, is_t2(idx) ? ver : 1);
        if (__builtin_expect(s == lat_slot, 0) && ver == lat_ver && c->lat_seen != lat_last) {
          c->lat_seen = lat_last; if (lat_n < lat_cap) lat_v[lat_n++] = (now_ns() - lat_t0) / 1e3; lat_pending--;
        }
      }
      q += l;
    }
  }
}
static void hex_msg(const uint8_t *m, int len) {
  for (int i = 0; i < len; i += 16) { fprintf(hexf, "%06x ", i); for (int j = i; j < i + 16 && j < len; j++) fprintf(hexf, " %02x", m[j]); fputc('\n', hexf); }
  fputc('\n', hexf);
}
static int do_msg(Conn *c, const uint8_t *m, int len) {
  if (hexf && nrcv && c == rcv[0]) hex_msg(m, len);
  switch (m[18]) {
  case 1: if (c->state == 2) got_open(c, m, len); break;
  case 4: if (c->state == 3) { c->state = 4; n_est++; c->t_est = now_ns(); if (c->role == STALLED) ep_set(c, c->wantout); } break;
  case 2: if (c->state == 4 || c->state == 3) {
    if (c->role == STALLED) break;
    if (c->role != SENDER) do_update(c, m, len); else c->rx_upd++; } break;
  case 3: n_notif++; last_notif[0] = m[19]; last_notif[1] = m[20]; if (o_verbose) fprintf(stderr, "NOTIFICATION %d/%d\n", m[19], m[20]); c_lost(c, "notification"); return -1;
  }
  return 0;
}
#define SCR (1 << 20)
static uint8_t *scr;
static void c_read(Conn *c) {
  if (c->role == SENDER && c->state == 4 && !o_parse_senders) {     /* discard in the kernel: no copy */
    ssize_t n = recv(c->fd, NULL, SCR, MSG_TRUNC);
    if (n > 0) { c->rx_bytes += n; rx_total_bytes += n; t_last_rx = now_ns(); return; }
    if (n == 0) c_lost(c, "eof"); else if (errno != EAGAIN) c_lost(c, strerror(errno));
    return;
  }
  if (c->plen) memcpy(scr, c->part, c->plen);
  ssize_t n = recv(c->fd, scr + c->plen, SCR - c->plen, 0);
  if (n == 0) { c_lost(c, "eof"); return; }
  if (n < 0) { if (errno != EAGAIN) c_lost(c, strerror(errno)); return; }
  c->rx_bytes += n; rx_total_bytes += n; t_last_rx = now_ns();
  const uint8_t *p = scr, *e = scr + c->plen + n;
  while (e - p >= 19) {
    int l = g16(p + 16); if (l < 19) { err.malformed++; c_lost(c, "bad length"); return; }
    if (e - p < l) break;
    if (do_msg(c, p, l) < 0) return;
    p += l;
    if (c->role == SENDER && c->state == 4 && !o_parse_senders) { p = e; break; }
  }
  c->plen = e - p;
  if (c->plen) { if (!c->part) c->part = malloc(65536); memcpy(c->part, p, c->plen); }
}
static uint64_t t_tick;
static void tick(void) {
  uint64_t t = now_ns(); if (t - t_tick < 50000000ull) return; t_tick = t;
  for (int i = 0; i < nconn; i++) {
    Conn *c = &conns[i];
    if (c->state == 0 && c->t_retry && t >= c->t_retry) { c->t_retry = 0; c_connect(c); }
    if (c->state == 4 && o_hold && t - c->t_ka > (uint64_t)o_hold * 1000000000ull / 3) { send_ka(c); c_flush(c); }
  }
}
static void poll_once(int ms) {
  struct epoll_event ev[256]; int n = epoll_wait(ep, ev, 256, ms);
  for (int i = 0; i < n; i++) {
    Conn *c = ev[i].data.ptr; if (c->fd < 0) continue;
    if (c->state == 1) {
      if (ev[i].events & (EPOLLERR | EPOLLHUP)) { c_lost(c, "connect failed"); continue; }
      if (ev[i].events & EPOLLOUT) { send_open(c); c_flush(c); }
      continue;
    }
    if (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) { c_read(c); if (c->fd >= 0 && c->head && !c->wantout) c_flush(c); }
    if (c->fd >= 0 && (ev[i].events & EPOLLOUT)) c_flush(c);
  }
  tick();
}

/* ------------------------------------------------------------------ DUT accounting */
typedef struct { double cpu, user, sys; long rss, hwm; int nproc; } Usage;
static void usage_pid(int pid, Usage *u, int depth) {
  char f[96], b[4096]; FILE *h; clockid_t clk; struct timespec ts;
  if (clock_getcpuclockid(pid, &clk) == 0 && clock_gettime(clk, &ts) == 0) u->cpu += ts.tv_sec + ts.tv_nsec / 1e9;
  snprintf(f, sizeof f, "/proc/%d/stat", pid);
  if ((h = fopen(f, "r"))) { size_t n = fread(b, 1, sizeof b - 1, h); b[n] = 0; fclose(h); char *p = strrchr(b, ')'); unsigned long ut, st; 
    if (p && sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &ut, &st) == 2) { u->user += ut / (double)sysconf(_SC_CLK_TCK); u->sys += st / (double)sysconf(_SC_CLK_TCK); } }
  snprintf(f, sizeof f, "/proc/%d/status", pid);
  if ((h = fopen(f, "r"))) { long v; while (fgets(b, sizeof b, h)) { if (sscanf(b, "VmRSS: %ld", &v) == 1) u->rss += v; if (sscanf(b, "VmHWM: %ld", &v) == 1) u->hwm += v; } fclose(h); u->nproc++; }
  if (depth < 3) { snprintf(f, sizeof f, "/proc/%d/task/%d/children", pid, pid); if ((h = fopen(f, "r"))) { int k; while (fscanf(h, "%d", &k) == 1) usage_pid(k, u, depth + 1); fclose(h); } }
}
static Usage usage(void) {
  Usage u = {0}; char b[256]; strcpy(b, o_pids); for (char *t = strtok(b, ","); t; t = strtok(NULL, ",")) usage_pid(atoi(t), &u, 0); return u;
}
static double self_cpu(void) { struct rusage r; getrusage(RUSAGE_SELF, &r); return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6; }

/* ------------------------------------------------------------------ phases */
static int first_phase_out = 1; static int any_fail;
static Usage u_ph; static double self_ph; static uint64_t ph_t0, ph_bytes; static uint64_t ph_nlri, ph_wd, ph_upd, ph_dup;
static void sums(uint64_t *nlri, uint64_t *wd, uint64_t *upd, uint64_t *dup) {
  *nlri = *wd = *upd = *dup = 0; for (int i = 0; i < nrcv; i++) { *nlri += rcv[i]->rx_nlri; *wd += rcv[i]->rx_wd; *upd += rcv[i]->rx_upd; *dup += rcv[i]->rx_dup; }
}
static void recount(void) {      /* recompute missing for all receivers against desired */
  n_conv = 0; n_conv_target = nrcv;
  for (int i = 0; i < nrcv; i++) {
    Conn *c = rcv[i]; int64_t m = 0; const uint64_t *a = (void *)c->st, *b = (void *)desired; int w = NSLOT / 8;
    for (int k = 0; k < w; k++) if (a[k] != b[k]) for (int j = 0; j < 8; j++) m += c->st[k * 8 + j] != desired[k * 8 + j];
    for (int k = w * 8; k < NSLOT; k++) m += c->st[k] != desired[k];
    c->missing = m; c->t_conv = 0; if (!m) n_conv++;
  }
}
static void ph_begin(void) { sums(&ph_nlri, &ph_wd, &ph_upd, &ph_dup); ph_bytes = rx_total_bytes; u_ph = usage(); self_ph = self_cpu(); ph_t0 = now_ns(); }
static int cmpd(const void *a, const void *b) { double x = *(double *)a, y = *(double *)b; return x < y ? -1 : x > y; }
static void wait_ms(int ms) { uint64_t e = now_ns() + ms * 1000000ull; for (;;) { int64_t l = (int64_t)(e - now_ns()) / 1000000; if (l <= 0) break; poll_once(l > 50 ? 50 : l + 1); } }
static int wait_quiet(int ms, double max_s) { /* until nothing is received for ms */
  uint64_t lim = now_ns() + (uint64_t)(max_s * 1e9);
  if (t_last_rx < now_ns() - ms * 1000000ull) t_last_rx = now_ns();
  while (now_ns() - t_last_rx < ms * 1000000ull) { if (now_ns() > lim) return 0; poll_once(20); }
  return 1;
}
/* wait until all receivers agree; t0 is the start; report a JSON object */
static int ph_finish(const char *name, double extra_est) {
  uint64_t lim = now_ns() + (uint64_t)(o_timeout * 1e9); int ok = 1;
  while (n_conv < n_conv_target) { if (now_ns() > lim || n_drop) { ok = 0; break; } poll_once(100); }
  Usage u1 = usage(); double g1 = self_cpu();
  wait_quiet(o_quiet_ms, 30);
  if (n_conv < n_conv_target) {            /* a transient: wait again */
    while (n_conv < n_conv_target && now_ns() < lim && !n_drop) poll_once(100);
    if (n_conv < n_conv_target) ok = 0;
  }
  Usage u2 = usage();
  double *v = xcalloc(nrcv + 1, sizeof *v); int k = 0; int64_t miss = 0;
  for (int i = 0; i < nrcv; i++) { if (rcv[i]->missing == 0 && rcv[i]->t_conv) v[k++] = (rcv[i]->t_conv - ph_t0) / 1e9; miss += rcv[i]->missing; }
  qsort(v, k, sizeof *v, cmpd);
  uint64_t a, b, c, d; sums(&a, &b, &c, &d);
  printf("%s\n    {\"phase\":\"%s\",\"ok\":%s,\"t_s\":%.4f,\"t_median_s\":%.4f,\"t_first_s\":%.4f,", first_phase_out ? "" : ",", name, ok ? "true" : "false",
         k ? v[k - 1] : 0, k ? v[k / 2] : 0, k ? v[0] : 0);
  if (extra_est >= 0) printf("\"t_est_s\":%.4f,", extra_est);
  printf("\"missing\":%lld,\"dut_cpu_s\":%.4f,\"dut_cpu_settled_s\":%.4f,\"dut_user_s\":%.2f,\"dut_sys_s\":%.2f,\"gen_cpu_s\":%.4f,"
         "\"rss_kb\":%ld,\"hwm_kb\":%ld,\"rx_bytes_all\":%llu,\"rx_nlri\":%llu,\"rx_withdrawn\":%llu,\"rx_updates\":%llu,\"rx_dup\":%llu}",
         (long long)miss, u1.cpu - u_ph.cpu, u2.cpu - u_ph.cpu, u2.user - u_ph.user, u2.sys - u_ph.sys, g1 - self_ph, u2.rss, u2.hwm,
         (unsigned long long)(rx_total_bytes - ph_bytes), (unsigned long long)(a - ph_nlri), (unsigned long long)(b - ph_wd), (unsigned long long)(c - ph_upd), (unsigned long long)(d - ph_dup));
  first_phase_out = 0; free(v); fflush(stdout);
  if (!ok) any_fail = 1;
  return ok;
}
static Buf *sbuf;
static Conn *sender(int s) { return &conns[s]; }
static void push_all(void) { /* queue sbuf[s] on every sender and start */
  for (int s = 0; s < S; s++) c_queue(sender(s), sbuf[s].p, sbuf[s].len, 0);
  for (int s = 0; s < S; s++) if (sender(s)->fd >= 0) c_flush(sender(s));
}
static void clear_sbuf(void) { for (int s = 0; s < S; s++) sbuf[s].len = 0; }
static int wait_est(int want, double to) {
  uint64_t lim = now_ns() + (uint64_t)(to * 1e9);
  while (n_est < want) { if (now_ns() > lim) return 0; poll_once(50); }
  return 1;
}

static void ph_move(int back) {
  int step = (int)(100 / o_churn_pct + .5); if (step < 1) step = 1;
  Bld *b = xcalloc(1, sizeof *b); size_t moved = 0; (void)back;
  clear_sbuf();
  for (int s = 0; s < S; s++) { /* first the new home announces ... */
    int o = (s + S - 1) % S; b->out = &sbuf[s];
    for (int i = 0; i < n_per; i++) if (is_t2(i) && i % step == step / 2) {
      int slot = o * n_per + i;
      if (!o_shared_rd) { enc_nlri(arena + (size_t)(slot + N) * STRIDE, o, i, s); desired[slot] = 0; desired[slot + N] = 2; }
      else desired[slot] = 2;
      bld_add(b, s, o, i, 1, 0, o_npu); moved++;
    }
    bld_flush(b);
  }
  for (int s = 0; s < S; s++) { /* ... then the old one withdraws */
    b->out = &sbuf[s];
    for (int i = 0; i < n_per; i++) if (is_t2(i) && i % step == step / 2) bld_add(b, s, s, i, 0, 1, o_npu);
    bld_flush(b);
  }
  free(b); recount(); ph_begin(); push_all(); ph_finish("move", -1);
}
static void ph_churn(void) {
  int step = (int)(100 / o_churn_pct + .5); if (step < 1) step = 1;
  Bld *b = xcalloc(1, sizeof *b);
  clear_sbuf();
  for (int s = 0; s < S; s++) { b->out = &sbuf[s]; for (int i = 0; i < n_per; i += step) { bld_add(b, s, s, i, 0, 1, o_npu); desired[s * n_per + i] = 0; } bld_flush(b); }
  recount(); ph_begin(); push_all(); if (!ph_finish("withdraw", -1)) { free(b); return; }
  clear_sbuf();
  for (int s = 0; s < S; s++) { b->out = &sbuf[s]; for (int i = 0; i < n_per; i += step) { bld_add(b, s, s, i, 0, 0, o_npu); desired[s * n_per + i] = 1; } bld_flush(b); }
  recount(); ph_begin(); push_all(); ph_finish("readvertise", -1);
  free(b);
}
static int attr_seq = 0; /* grows with every round */
static void ph_attr(void) {
  int step = (int)(100 / o_churn_pct + .5); if (step < 1) step = 1;
  Bld *b = xcalloc(1, sizeof *b); attr_seq++;
  clear_sbuf();
  for (int s = 0; s < S; s++) { b->out = &sbuf[s]; for (int i = step > 1; i < n_per; i += step) if (is_t2(i)) { bld_add(b, s, s, i, 2 + attr_seq, 0, o_npu); desired[s * n_per + i] = 3 + attr_seq; } bld_flush(b); }
  recount(); ph_begin(); push_all(); ph_finish("attrchange", -1);
  free(b);
}
static void ph_latency(void) {
  Bld *b = xcalloc(1, sizeof *b); lat_cap = (size_t)o_lat_n * nrcv; lat_v = xcalloc(lat_cap, sizeof *lat_v); lat_n = 0; int lost = 0;
  Buf o = {0}; ph_begin(); int step = (int)(100 / o_churn_pct + .5);
  double *alls = xcalloc(o_lat_n, sizeof *alls); int na = 0;
  int *rot = xcalloc(S, sizeof *rot);
  uint64_t next = now_ns();
  for (int k = 0; k < o_lat_n && !n_drop; k++) {
    int s = k % S, i = rot[s], guard = 0;
    do { i = (i + 7919) % n_per; if (++guard > 10 * n_per) break; } while (!is_t2(i) || desired[s * n_per + i] == 0 || (step > 1 && i % step == step / 2));
    rot[s] = i; int slot = s * n_per + i, ver = desired[slot] + 1; if (ver > 249) ver = 2;
    desired[slot] = ver; for (int r = 0; r < nrcv; r++) if (rcv[r]->missing++ == 0) n_conv--;
    b->out = &o; o.len = 0; bld_add(b, s, s, i, ver - 1, 0, 0); bld_flush(b);
    while (now_ns() < next) { int64_t l = (int64_t)(next - now_ns()) / 1000000; poll_once(l > 0 ? l : 1); if (l <= 0) break; }
    lat_last = k + 1; lat_slot = slot; lat_ver = ver; lat_pending = nrcv; lat_t0 = now_ns();
    c_queue(sender(s), o.p, o.len, 1); c_flush(sender(s));
    uint64_t lim = now_ns() + 5000000000ull;
    while (lat_pending > 0 && now_ns() < lim && !n_drop) poll_once(10);
    if (lat_pending > 0) lost++; else alls[na++] = (now_ns() - lat_t0) / 1e3;
    lat_slot = -1; next += o_lat_ms * 1000000ull; if (next < now_ns()) next = now_ns();
  }
  wait_quiet(o_quiet_ms, 5);
  qsort(lat_v, lat_n, sizeof *lat_v, cmpd); qsort(alls, na, sizeof *alls, cmpd); Usage u = usage();
#define Q(a, n, f) ((n) ? (a)[(size_t)(((n) - 1) * (f))] : 0)
  int ok = !lost && na == o_lat_n; if (!ok) any_fail = 1;
  printf("%s\n    {\"phase\":\"latency\",\"ok\":%s,\"samples\":%d,\"lost\":%d,\"min_us\":%.1f,\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,\"all_p50_us\":%.1f,\"all_p99_us\":%.1f,\"dut_cpu_settled_s\":%.4f,\"rss_kb\":%ld,\"hwm_kb\":%ld}",
         first_phase_out ? "" : ",", ok ? "true" : "false", na, lost, Q(lat_v, lat_n, 0.), Q(lat_v, lat_n, .5), Q(lat_v, lat_n, .9), Q(lat_v, lat_n, .99), Q(lat_v, lat_n, 1.), Q(alls, na, .5), Q(alls, na, .99), u.cpu - u_ph.cpu, u.rss, u.hwm);
  first_phase_out = 0; free(b); free(rot);
}
static void ph_peerloss(void) {
  int s = S - 1; /* the last sender; also the holder of moved routes of origin S-2 */
  for (int i = 0; i < n_per; i++) {
    if (o_shared_rd) {
      if (desired[s * n_per + i] == 2) { /* possibly moved away; leave */ } else desired[s * n_per + i] = 0;
    } else { desired[s * n_per + i] = 0; int o = (s + S - 1) % S; desired[N + o * n_per + i] = 0; }
  }
  recount(); dropping = 1; ph_begin();
  if (!o_blast_loss) { uint8_t m[21]; memset(m, 0xff, 16); p16(m + 16, 21); m[18] = 3; m[19] = 6; m[20] = 2; c_queue(sender(s), m, 21, 1); c_flush(sender(s)); }
  c_close(sender(s), 1);
  ph_finish("peerloss", -1);
}
static void ph_idle(int sec) {
  Usage a = usage(); wait_ms(sec * 1000); Usage b = usage();
  printf("%s\n    {\"phase\":\"idle\",\"ok\":true,\"dut_cpu_pct\":%.3f,\"rss_kb\":%ld}", first_phase_out ? "" : ",", (b.cpu - a.cpu) * 100 / sec, b.rss); first_phase_out = 0; fflush(stdout);
}
static void ph_latejoin(void) {
  int old = nrcv; Conn **keep = rcv;
  for (int i = 0; i < LATE; i++) rcv[nrcv++] = &conns[S + R + i];
  for (int i = 0; i < LATE; i++) { Conn *c = &conns[S + R + i]; c->st = xcalloc(NSLOT, 1); }
  (void)keep; (void)old;
  recount(); int want = n_est + LATE;
  ph_begin();
  for (int i = 0; i < LATE; i++) c_connect(&conns[S + R + i]);
  uint64_t lim = now_ns() + (uint64_t)(o_timeout * 1e9);
  while (n_est < want && now_ns() < lim && !n_drop) poll_once(50);
  double est = 0; for (int i = 0; i < LATE; i++) { Conn *c = &conns[S + R + i]; if (c->t_est) { double e = (c->t_est - ph_t0) / 1e9; if (e > est) est = e; } }
  ph_finish("latejoin", est);
}

/* ------------------------------------------------------------------ raw TCP: same bytes over loopback, no protocol */
static void raw_tcp(void) {
  size_t tot = 0; for (int s = 0; s < S; s++) tot += sbuf[s].len;
  int l = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)}; socklen_t al = sizeof a;
  if (bind(l, (void *)&a, sizeof a) < 0 || listen(l, 1024) < 0) die("listen");
  getsockname(l, (void *)&a, &al);
  int K = R + S; double *res = xcalloc(5, sizeof *res);
  for (int rep = 0; rep < 3; rep++) {
    int *fd = xcalloc(K, sizeof *fd); int pid = fork();
    if (pid == 0) { /* writer: the whole stream to R receivers, all but its own part to S senders */
      int e2 = epoll_create1(0); int *w = xcalloc(K, sizeof *w); struct { int s; size_t off; } *cur = xcalloc(K, sizeof *cur); int live = 0;
      for (int i = 0; i < K; i++) { w[i] = socket(AF_INET, SOCK_STREAM, 0); if (connect(w[i], (void *)&a, sizeof a) < 0) _exit(1); fcntl(w[i], F_SETFL, O_NONBLOCK); struct epoll_event e = {.events = EPOLLOUT, .data.u32 = i}; epoll_ctl(e2, EPOLL_CTL_ADD, w[i], &e); live++; }
      while (live) {
        struct epoll_event ev[64]; int n = epoll_wait(e2, ev, 64, -1);
        for (int k = 0; k < n; k++) { int i = ev[k].data.u32;
          for (;;) {
            if (i >= R && cur[i].s == i - R) cur[i].s++, cur[i].off = 0;
            if (cur[i].s >= S) { close(w[i]); live--; break; }
            Buf *b = &sbuf[cur[i].s]; size_t m = b->len - cur[i].off; if (m > 1 << 20) m = 1 << 20;
            ssize_t x = write(w[i], b->p + cur[i].off, m); if (x < 0) break;
            cur[i].off += x; if (cur[i].off == b->len) { cur[i].s++; cur[i].off = 0; }
            if ((size_t)x < m) break;
          } }
      }
      _exit(0);
    }
    int e1 = epoll_create1(0); uint64_t t0 = 0, got = 0; int live = 0; uint8_t *bb = malloc(SCR);
    for (int i = 0; i < K; i++) { fd[i] = accept(l, NULL, NULL); if (!i) t0 = now_ns(); fcntl(fd[i], F_SETFL, O_NONBLOCK); struct epoll_event e = {.events = EPOLLIN, .data.fd = fd[i]}; epoll_ctl(e1, EPOLL_CTL_ADD, fd[i], &e); live++; }
    while (live) { struct epoll_event ev[64]; int n = epoll_wait(e1, ev, 64, -1); for (int k = 0; k < n; k++) { ssize_t x = recv(ev[k].data.fd, bb, SCR, 0); if (x > 0) got += x; else if (x == 0) { close(ev[k].data.fd); live--; } } }
    res[rep] = (now_ns() - t0) / 1e9; waitpid(pid, NULL, 0); free(bb); free(fd); close(e1);
    if (rep == 2) { qsort(res, 3, sizeof *res, cmpd); printf("{\"label\":\"rawtcp\",\"stream_bytes\":%zu,\"sessions\":%d,\"bytes_moved\":%llu,\"t_s\":%.4f,\"GBps\":%.3f}\n", tot, K, (unsigned long long)got, res[1], got / res[1] / 1e9); }
  }
}

/* ------------------------------------------------------------------ main */
static void usage_exit(void) {
  fprintf(stderr, "usage: evpnload --port P [--host 127.0.0.1] [--pid PID[,PID]] [--senders S] [--receivers R] [--late L] [--stall K] [--routes N/sender]\n"
    "  [--vnis V] [--npu NLRIs/UPDATE, 0=fill] [--pct-ip 50] [--pct-t5 10] [--t3 0|1] [--shared-rd] [--nh-session]\n"
    "  [--as 65000] [--sender-as A [--sender-as-step K]] [--receiver-as A [--receiver-as-step K]] [--no-reflect]\n"
    "  [--extmsg] [--hold 180] [--settle ms] [--quiet ms] [--timeout s] [--subnet 0..255]\n"
    "  [--phases initial,idle,latejoin,withdraw|churn,attr,move,latency,peerloss] [--churn pct] [--lat-n 300] [--lat-ms 20]\n"
    "  [--hex FILE] [--parse-senders] [--loss-notify] [--raw] [--label X] [-v]\n"); exit(2);
}
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    char *a = argv[i];
#define NEXT (++i < argc ? argv[i] : (usage_exit(), ""))
#define IS(x) !strcmp(a, x)
    if (IS("--host")) snprintf(o_host, sizeof o_host, "%s", NEXT); else if (IS("--port")) o_port = atoi(NEXT);
    else if (IS("--pid")) snprintf(o_pids, sizeof o_pids, "%s", NEXT); else if (IS("--senders")) S = atoi(NEXT);
    else if (IS("--receivers")) R = atoi(NEXT); else if (IS("--late")) LATE = atoi(NEXT); else if (IS("--stall")) STALL = atoi(NEXT); else if (IS("--routes")) n_per = atoi(NEXT);
    else if (IS("--vnis")) V = atoi(NEXT); else if (IS("--npu")) o_npu = atoi(NEXT); else if (IS("--pct-ip")) o_pct_ip = atoi(NEXT);
    else if (IS("--pct-t5")) o_pct_t5 = atoi(NEXT); else if (IS("--t3")) o_t3 = atoi(NEXT); else if (IS("--shared-rd")) o_shared_rd = 1;
    else if (IS("--nh-session")) o_nh_session = 1; else if (IS("--as")) o_as = strtoul(NEXT, 0, 10);
    else if (IS("--sender-as")) o_sas = strtoul(NEXT, 0, 10); else if (IS("--sender-as-step")) o_sas_step = atoi(NEXT);
    else if (IS("--receiver-as")) o_ras = strtoul(NEXT, 0, 10); else if (IS("--receiver-as-step")) o_ras_step = atoi(NEXT);
    else if (IS("--no-reflect")) o_reflect = 0; else if (IS("--extmsg")) o_extmsg = 1; else if (IS("--hold")) o_hold = atoi(NEXT);
    else if (IS("--settle")) o_settle_ms = atoi(NEXT); else if (IS("--quiet")) o_quiet_ms = atoi(NEXT); else if (IS("--timeout")) o_timeout = atof(NEXT);
    else if (IS("--phases")) snprintf(o_phases, sizeof o_phases, "%s", NEXT); else if (IS("--churn")) o_churn_pct = atof(NEXT);
    else if (IS("--lat-n")) o_lat_n = atoi(NEXT); else if (IS("--lat-ms")) o_lat_ms = atoi(NEXT); else if (IS("--hex")) snprintf(o_hex, sizeof o_hex, "%s", NEXT);
    else if (IS("--parse-senders")) o_parse_senders = 1; else if (IS("--loss-notify")) o_blast_loss = 0; else if (IS("--raw")) o_raw = 1;
    else if (IS("--label")) snprintf(o_label, sizeof o_label, "%s", NEXT); else if (IS("-v")) o_verbose = 1; else if (IS("--subnet")) o_subnet = atoi(NEXT);
    else if (IS("--rcvbuf")) o_rcvbuf = atoi(NEXT);
    else usage_exit();
  }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit rl; getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl);
  if (S < 1 || R < 0 || n_per < 1 || S > 1000 || (o_pct_t5 && n_per > 4194303)) die("bad sizes");
  if (o_sas && o_sas != o_as) o_reflect = 0;
  if (o_ras && o_ras != o_as) o_reflect = 0;
  N = S * n_per; NSLOT = o_shared_rd ? N : 2 * N;
  layout(); arena = xcalloc((size_t)NSLOT, STRIDE); desired = xcalloc(NSLOT, 1); sbuf = xcalloc(S, sizeof *sbuf);
  uint64_t nmsg = 0, tb = 0; int attrsets = 0;
  for (int s = 0; s < S; s++) {
    Bld *b = xcalloc(1, sizeof *b); b->out = &sbuf[s];
    for (int i = 0; i < n_per; i++) { enc_nlri(arena + (size_t)(s * n_per + i) * STRIDE, s, i, s); bld_add(b, s, s, i, 0, 0, o_npu);
      if (!i || vniv[i] != vniv[i - 1] || grp_of(i) != grp_of(i - 1)) attrsets++; }
    bld_flush(b); nmsg += b->msgs; tb += sbuf[s].len; free(b);
  }
  if (o_raw) { raw_tcp(); return 0; }
  if (*o_hex && !(hexf = fopen(o_hex, "w"))) die("cannot write %s", o_hex);
  scr = malloc(SCR + 65536); ep = epoll_create1(EPOLL_CLOEXEC);
  nconn = S + R + LATE + STALL; conns = xcalloc(nconn, sizeof *conns); rcv = xcalloc(R + LATE + 1, sizeof *rcv);
  for (int i = 0; i < nconn; i++) {
    Conn *c = &conns[i]; c->fd = -1; c->role = i < S ? SENDER : i < S + R ? RECEIVER : i < S + R + LATE ? LATEJ : STALLED; c->idx = c->role == SENDER ? i : c->role == RECEIVER ? i - S : c->role == LATEJ ? i - S - R : i - S - R - LATE;
    c->laddr = addr_of(c->role, c->idx); c->rid = rid_of(c->role, c->idx); c->as = as_of(c->role, c->idx);
    if (c->role == RECEIVER) { rcv[nrcv++] = c; c->st = xcalloc(NSLOT, 1); memset(c->st, 0, NSLOT); }
  }
  Usage u0 = usage(); uint64_t ts0 = now_ns();
  for (int i = 0; i < S + R; i++) { c_connect(&conns[i]); if (i % 16 == 15) poll_once(0); }
  for (int i = 0; i < STALL; i++) c_connect(&conns[S + R + LATE + i]);
  int est = wait_est(S + R + STALL, 60); double t_est = (now_ns() - ts0) / 1e9;
  int retries = 0; for (int i = 0; i < S + R; i++) retries += conns[i].retries;
  if (est) { wait_ms(o_settle_ms); }
  Usage u1 = usage();
  printf("{\"label\":\"%s\",\"senders\":%d,\"receivers\":%d,\"late\":%d,\"stalled\":%d,\"routes_per_sender\":%d,\"routes\":%d,\"vnis\":%d,\"attr_sets\":%d,\"npu\":%d,\"sent_updates\":%llu,\"sent_bytes\":%llu,"
         "\"sessions_ok\":%s,\"t_sessions_s\":%.3f,\"connect_retries\":%d,\"dut_evpn_cap\":%s,\"dut_ext_cap\":%s,\"dut_as\":%u,\"rss0_kb\":%ld,\"rss_sessions_kb\":%ld,\n  \"phases\":[",
         o_label, S, R, LATE, STALL, n_per, N, V, attrsets, o_npu, (unsigned long long)nmsg, (unsigned long long)tb, est ? "true" : "false", t_est, retries, dut_caps_evpn ? "true" : "false", dut_ext ? "true" : "false", dut_as_seen, u0.rss, u1.rss);
  fflush(stdout);
  if (!est || !dut_caps_evpn) any_fail = 1;
  long rss_loaded = 0;
  if (est && dut_caps_evpn && !(o_extmsg && !dut_ext)) {
    char ph[256]; strcpy(ph, o_phases); char *sv;
    for (char *t = strtok_r(ph, ",", &sv); t && !n_drop; t = strtok_r(NULL, ",", &sv)) {
      if (any_fail && o_stop_on_fail) break;
      if (!strcmp(t, "initial")) { for (int i = 0; i < N; i++) desired[i] = 1; recount(); ph_begin(); push_all(); ph_finish("initial", -1); rss_loaded = usage().rss; }
      else if (!strcmp(t, "latejoin")) ph_latejoin(); else if (!strcmp(t, "churn") || !strcmp(t, "withdraw")) ph_churn();
      else if (!strcmp(t, "attr")) ph_attr(); else if (!strcmp(t, "move")) ph_move(0); else if (!strcmp(t, "latency")) ph_latency();
      else if (!strcmp(t, "peerloss")) ph_peerloss(); else if (!strcmp(t, "idle")) ph_idle(5); else die("unknown phase %s", t);
    }
  } else if (o_extmsg && !dut_ext && est) fprintf(stderr, "evpnload: DUT has no extended-message capability\n");
  Usage u2 = usage();
  uint64_t a, b, c, d; sums(&a, &b, &c, &d); uint64_t eor = 0; for (int i = 0; i < nrcv; i++) eor += rcv[i]->rx_eor > 0;
  uint64_t bad = err.nlri + err.nh + err.rt + err.noorig + err.badorig + err.nocluster + err.noencap + err.nopmsi + err.aspath + err.malformed + err.wd_unknown + err.attrflag + err.nolocpref;
  printf("],\n  \"rss_loaded_kb\":%ld,\"rss_per_route_b\":%.1f,\"hwm_kb\":%ld,\"dut_cpu_total_s\":%.4f,\"dut_user_s\":%.2f,\"dut_sys_s\":%.2f,\"dut_procs\":%d,\"receivers_with_eor\":%llu,\"drops\":%llu,\"stalled_dropped\":%llu,\"notifications\":%llu,\"last_notification\":\"%d/%d\",\n"
         "  \"errors\":{\"nlri\":%llu,\"next_hop\":%llu,\"rt\":%llu,\"no_originator\":%llu,\"bad_originator\":%llu,\"no_cluster_list\":%llu,\"no_encap\":%llu,\"no_pmsi\":%llu,\"as_path\":%llu,\"malformed\":%llu,\"unknown_withdrawal\":%llu,\"attr_flags\":%llu,\"no_local_pref\":%llu},\n  \"ok\":%s}\n",
         rss_loaded, rss_loaded && N ? (rss_loaded - u0.rss) * 1024.0 / N : 0, u2.hwm, u2.cpu - u0.cpu, u2.user - u0.user, u2.sys - u0.sys, u2.nproc, (unsigned long long)eor, (unsigned long long)n_drop, (unsigned long long)n_stall_lost, (unsigned long long)n_notif, last_notif[0], last_notif[1],
         (unsigned long long)err.nlri, (unsigned long long)err.nh, (unsigned long long)err.rt, (unsigned long long)err.noorig, (unsigned long long)err.badorig, (unsigned long long)err.nocluster, (unsigned long long)err.noencap, (unsigned long long)err.nopmsi, (unsigned long long)err.aspath, (unsigned long long)err.malformed, (unsigned long long)err.wd_unknown, (unsigned long long)err.attrflag, (unsigned long long)err.nolocpref,
         !any_fail && !bad && !n_drop ? "true" : "false");
  if (hexf) fclose(hexf);
  return any_fail || bad || n_drop ? 1 : 0;
}
