// SPDX-License-Identifier: GPL-3.0-or-later
// Scans two insoles through two multiplexers in ping-pong: while one foot's voltage is converted, the
// other foot's multiplexer settles on its next sensor for the whole conversion.
#ifndef SCAN_INSOLES_H
#define SCAN_INSOLES_H

#include <stdint.h>

#include "pin_map.h"      // CHANNELS_PER_FOOT
#include "wire_layout.h"  // WIRE_SCAN_BYTES

#define SENSEL_COUNT (2 * CHANNELS_PER_FOOT)
#define BIT_DEPTH 10
#define ADC_FULL_SCALE 1024  // data sheet: counts = 1024 x voltage / reference
#define FOOT_BYTES (CHANNELS_PER_FOOT * BIT_DEPTH / 8)
#define SCAN_PACKET_BYTES (WIRE_SCAN_BYTES + 2 * FOOT_BYTES)

struct ScanCounters {
    uint32_t frames_sent;
    uint32_t frames_dropped;
    uint32_t scan_overruns;
};
extern ScanCounters scan_counters;

void scan_begin();
void scan_start(uint16_t scan_rate_hz);
void scan_stop();
void scan_set_rate(uint16_t scan_rate_hz);
bool scan_is_running();

// Ticks begin again from now: after START and after a change of rate.
void scan_restart_ticks();
// Half microseconds until the next tick; 0 when it is due. Only while running.
uint16_t scan_ticks_left();
// Wait out the rest of the tick, which must be short, then take it: one scan, or a counted loss.
void scan_take_tick();

// The oldest finished scan that waits for the packet writer, or null; scan_packet_sent() frees it.
const uint8_t *scan_waiting_packet();
void scan_packet_sent();

#endif
