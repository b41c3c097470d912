// SPDX-License-Identifier: GPL-3.0-or-later
// The Arduino IDE compiles for size; the scan is what the board's speed hangs on.
#pragma GCC optimize("O2")

#include "scan.h"

#include "link_reports.h"  // link_configuration
#include "scan_clock.h"
#include "scan_outputs.h"  // output_sync_is_high
#include "link.h"          // link_poll

// The last 4 us before a scan only look at the clock, so that scans start within a microsecond.
#define SPIN_TICKS 8

ScanCounters scan_counters;
#if SOLERIG_IS_MAT
ScanWindow scan_window = {0, FRONT_ROWS, 0, FRONT_COLUMNS, ADC_BITS};
#endif

static bool running;
static uint16_t sequence;
static tick_t period_ticks;
static tick_t last_tick;

void scan_begin() {
    front_begin();
}

void scan_set_rate(uint16_t scan_rate_hz) {
    period_ticks = static_cast<tick_t>((CLOCK_TICKS_PER_S + scan_rate_hz / 2) / scan_rate_hz);
    front_set_rate(scan_rate_hz);
}

void scan_restart_ticks() { last_tick = tick_now(); }

void scan_start(uint16_t scan_rate_hz) {
    scan_set_rate(scan_rate_hz);
    front_on();
    running = true;
    scan_restart_ticks();
}

void scan_stop() {
    running = false;
    front_off();
}

bool scan_is_running() { return running; }

uint16_t scan_ticks_left() {
    const tick_t elapsed = static_cast<tick_t>(tick_now() - last_tick);
    if (elapsed >= period_ticks) return 0;
    const tick_t left = static_cast<tick_t>(period_ticks - elapsed);
#if SOLERIG_IS_MAT
    if (left > UINT16_MAX) return UINT16_MAX;
#endif
    return static_cast<uint16_t>(left);
}

#if SOLERIG_IS_MAT

static uint8_t scratch[SCAN_SCRATCH_BYTES];

const uint8_t *scan_waiting_packet() { return nullptr; }
void scan_packet_sent() {}
uint8_t *scan_scratch() { return scratch; }

static void take_scan() {
    front_scan();
    scan_counters.frames_sent++;
}

#else

static uint8_t packets[PACKETS][SCAN_MAX_BYTES];
static uint8_t filling;  // index of the packet to fill next
static uint8_t waiting;  // packets filled and not yet in the ring

const uint8_t *scan_waiting_packet() {
    return waiting == 0 ? nullptr : packets[(filling - waiting) & (PACKETS - 1)];
}

void scan_packet_sent() {
    waiting--;
    scan_counters.frames_sent++;
}

uint8_t *scan_scratch() { return packets[0]; }

static void take_scan() {
    if (waiting == PACKETS) {
        scan_counters.frames_dropped++;
        return;
    }
    front_scan(packets[filling]);
    filling = (filling + 1) & (PACKETS - 1);
    waiting++;
}

#endif

void scan_write_header(uint8_t *packet) {
    uint8_t flags = link_configuration();
    if (SYNC_IN_IS_HIGH()) flags |= WIRE_FLAGS_SYNC_IN;
    if (output_sync_is_high()) flags |= WIRE_FLAGS_SYNC_OUT;
    packet[WIRE_SCAN_AT_TYPE] = WIRE_PACKET_SCAN;
    put_u16(packet + WIRE_SCAN_AT_SEQUENCE, sequence);
    put_u32(packet + WIRE_SCAN_AT_TIME_US, clock_us());
    packet[WIRE_SCAN_AT_FLAGS] = flags;
}

void scan_take_tick() {
    front_prepare();
    const tick_t tick = last_tick;
    const tick_t period = period_ticks;
    while (static_cast<tick_t>(tick_now() - tick) < period - SPIN_TICKS) {
        link_poll();
    }
    while (static_cast<tick_t>(tick_now() - tick) < period) {
    }
    tick_t late = static_cast<tick_t>(tick_now() - last_tick - period_ticks);
    last_tick += period_ticks;
    while (late >= period_ticks) {
        late -= period_ticks;
        last_tick += period_ticks;
        sequence++;
        scan_counters.scan_overruns++;
    }
    take_scan();
    sequence++;
}
