// SPDX-License-Identifier: GPL-3.0-or-later
// Scanning in its time: ticks, the packets that wait to be written, what was lost. How a front end is read
// is the business of scan_insoles.cpp, scan_mat.cpp and scan_portable.cpp, one of which is compiled.
#ifndef SCAN_H
#define SCAN_H

#include <stdint.h>

#include "board.h"        // the pin map's sizes
#include "wire_layout.h"  // WIRE_SCAN_BYTES

#define ADC_BITS 10
#define ADC_FULL_SCALE 1024  // data sheet: counts = 1024 x voltage / reference

// A row of insoles is a foot, a column a multiplexer's channel.
#if SOLERIG_RIG == RIG_INSOLES
#define FRONT_ROWS 2
#define FRONT_COLUMNS CHANNELS_PER_FOOT
#define FRONT_OHM PULL_DOWN_OHM
#define FRONT_REFERENCE_PERMILLE 0
#define FRONT_LAYOUT WIRE_LAYOUT_INSOLES_16
#define FRONT_TOPOLOGY WIRE_TOPOLOGY_DIVIDER
#define PACKETS 4  // one is filled, one is sent, two wait out a HELLO or a STATUS; a power of two
#else
#define FRONT_ROWS ROWS
#define FRONT_COLUMNS COLUMNS
#define FRONT_LAYOUT (ROWS == 32 ? WIRE_LAYOUT_MAT_32X32 : WIRE_LAYOUT_MAT_16X16)
#ifdef FEEDBACK_OHM
#define FRONT_OHM FEEDBACK_OHM
#define FRONT_REFERENCE_PERMILLE REFERENCE_PERMILLE
#define FRONT_TOPOLOGY WIRE_TOPOLOGY_MATRIX_VIRTUAL_GROUND
#else
#define FRONT_OHM PULL_DOWN_OHM
#define FRONT_REFERENCE_PERMILLE 0
#define FRONT_TOPOLOGY WIRE_TOPOLOGY_MATRIX_GROUNDED_ROWS
#endif
#endif

#define SENSEL_COUNT (FRONT_ROWS * FRONT_COLUMNS)
#define SCAN_MAX_BYTES (WIRE_SCAN_BYTES + SENSEL_COUNT * ADC_BITS / 8)

struct ScanCounters {
    uint32_t frames_sent;
    uint32_t frames_dropped;
    uint32_t scan_overruns;
};
extern ScanCounters scan_counters;

// What of the front end is scanned, and how many bits of a sample are sent. The insoles' never changes.
struct ScanWindow {
    uint8_t first_row, row_count, first_column, column_count, bit_depth;
};
#if SOLERIG_IS_MAT
extern ScanWindow scan_window;
#else
constexpr ScanWindow scan_window = {0, FRONT_ROWS, 0, FRONT_COLUMNS, ADC_BITS};
#endif

static inline uint16_t scan_sensels() {
    return static_cast<uint16_t>(scan_window.row_count * scan_window.column_count);
}

static inline uint16_t scan_packet_bytes() {
    return static_cast<uint16_t>(WIRE_SCAN_BYTES +
                                 (static_cast<uint32_t>(scan_sensels()) * scan_window.bit_depth + 7) / 8);
}

void scan_begin();
void scan_start(uint16_t scan_rate_hz);
void scan_stop();
void scan_set_rate(uint16_t scan_rate_hz);
bool scan_is_running();

// Ticks begin again from now: after START and after a change of rate.
void scan_restart_ticks();
// Half microseconds until the next tick, at most 65535; 0 when it is due. Only while running.
uint16_t scan_ticks_left();
// Wait out the rest of the tick, which must be short, then take it: one scan, or a counted loss.
void scan_take_tick();

// The oldest finished scan that waits for the packet writer, or null; scan_packet_sent() frees it. A mat's
// scan never waits: it is written while it is made.
const uint8_t *scan_waiting_packet();
void scan_packet_sent();

// Memory for others while not scanning; meanwhile scans are packed in it.
uint8_t *scan_scratch();
#if SOLERIG_IS_MAT
#define SCAN_SCRATCH_BYTES (SENSEL_COUNT * 9 / 4)  // what the self-test needs
#else
#define SCAN_SCRATCH_BYTES (PACKETS * SCAN_MAX_BYTES)
#endif

// Type, sequence, time and flags of the scan that begins now: WIRE_SCAN_BYTES.
void scan_write_header(uint8_t *packet);

// ---- the front end -----------------------------------------------------------------------------------
// Half microseconds before a scan in which nothing else is begun, so that scans start evenly: whatever was
// begun before ends within so many.
#define QUIET_TICKS 48
// From when on a scan is waited for. Insoles that rest switched off need more, to settle.
#if SOLERIG_IS_MAT || SOLERIG_PORTABLE
constexpr uint16_t front_lead_ticks = QUIET_TICKS;
#else
extern uint16_t front_lead_ticks;
#endif
void front_begin();  // all off
void front_on();
void front_off();
void front_set_rate(uint16_t scan_rate_hz);
void front_prepare();  // a scan will begin in front_lead_ticks, or sooner
#if SOLERIG_IS_MAT
void front_scan();  // one scan, into the ring
#else
void front_scan(uint8_t *packet);  // header and samples of one scan
#endif
// One sensel's counts, slowly and settled, for the self-test: between front_on() and front_off().
uint16_t front_read(uint8_t row, uint8_t column);
// A column with no row driven (mats), or a foot with its multiplexer off (insoles).
uint16_t front_read_idle(uint8_t row_or_column);
// Insoles: the chip's pull-ups on the ADC pins tell a line shorted to ground from one that is not pressed.
void front_pull_up(bool on);

#endif
