// SPDX-License-Identifier: GPL-3.0-or-later
#include "link_reports.h"

#include "command_reader.h"  // command_read_byte
#include "config.h"          // FIRMWARE_*
#include "guard.h"           // guard_restarted
#include "link.h"            // link_is_drained
#include "scan_clock.h"      // clock_us
#include "scan.h"            // what is scanned, and what waits to be sent
#include "scan_rate.h"       // rate_limit_hz

BoardState board_state;

static struct {
    uint8_t command, token, result;
    uint32_t value;
    const uint8_t *data;
    packet_size_t data_bytes;
} reply;
static bool hello_pending;
static bool reply_pending;
static bool status_pending;
static bool hold_scan;
static bool scan_is_sending;
static uint8_t hello_reason;
static uint8_t packet[WIRE_HELLO_BYTES];  // the longest fixed part

void reports_hello(uint8_t reason) {
    hello_pending = true;
    // a change that nobody has been told of yet is the better reason
    if (!hold_scan) hello_reason = reason;
}

void reports_status() { status_pending = true; }

void reports_reply(uint8_t command, uint8_t token, uint8_t result, uint32_t value,
                   const uint8_t *data, packet_size_t data_bytes) {
    reply = {command, token, result, value, data, data_bytes};
    reply_pending = true;
}

bool reports_reply_is_pending() { return reply_pending; }

void reports_settings_changed() {
    board_state.configuration =
        static_cast<uint8_t>((board_state.configuration + 1) & WIRE_FLAGS_CONFIGURATION_MASK);
    reports_hello(WIRE_HELLO_REASON_SETTINGS_CHANGED);
    hold_scan = true;
}

void reports_started() {
    reports_hello(WIRE_HELLO_REASON_STARTED);
    hold_scan = true;
}

bool reports_hold_scan() { return hold_scan; }

bool reports_are_drained() {
    return !hello_pending && !reply_pending && !status_pending && link_is_drained();
}

static void begin_hello() {
    hello_pending = false;
    packet[WIRE_HELLO_AT_TYPE] = WIRE_PACKET_HELLO;
    packet[WIRE_HELLO_AT_PROTOCOL_VERSION] = WIRE_PROTOCOL_VERSION;
    put_u16(packet + WIRE_HELLO_AT_LAYOUT_CHECKSUM, WIRE_LAYOUT_CHECKSUM);
    packet[WIRE_HELLO_AT_FIRMWARE_MAJOR] = FIRMWARE_MAJOR;
    packet[WIRE_HELLO_AT_FIRMWARE_MINOR] = FIRMWARE_MINOR;
    packet[WIRE_HELLO_AT_FIRMWARE_PATCH] = FIRMWARE_PATCH;
    packet[WIRE_HELLO_AT_BOARD] = BOARD_ID;
    put_u32(packet + WIRE_HELLO_AT_UNIQUE_ID, board_state.unique_id);
    packet[WIRE_HELLO_AT_RIG_KIND] = SOLERIG_IS_MAT ? WIRE_RIG_MAT : WIRE_RIG_INSOLES;
    packet[WIRE_HELLO_AT_LAYOUT_ID] = FRONT_LAYOUT;
    packet[WIRE_HELLO_AT_TOPOLOGY] = FRONT_TOPOLOGY;
    put_u16(packet + WIRE_HELLO_AT_PULL_DOWN_OHM, FRONT_OHM);
    put_u16(packet + WIRE_HELLO_AT_SENSEL_COUNT, scan_sensels());
    packet[WIRE_HELLO_AT_BIT_DEPTH] = scan_window.bit_depth;
    put_u16(packet + WIRE_HELLO_AT_ADC_FULL_SCALE, ADC_FULL_SCALE >> (ADC_BITS - scan_window.bit_depth));
    put_u16(packet + WIRE_HELLO_AT_SCAN_RATE_HZ, board_state.scan_rate_hz);
    put_u16(packet + WIRE_HELLO_AT_MAX_SCAN_RATE_HZ, rate_limit_hz(board_state.baud, scan_window));
    put_u32(packet + WIRE_HELLO_AT_BAUD, board_state.baud);
    packet[WIRE_HELLO_AT_CONFIGURATION] = board_state.configuration;
    packet[WIRE_HELLO_AT_REASON] = hello_reason;
    packet[WIRE_HELLO_AT_RESET_CAUSE] = board_state.reset_cause;
    put_u32(packet + WIRE_HELLO_AT_TIME_US, clock_us());
    packet[WIRE_HELLO_AT_FIRST_ROW] = scan_window.first_row;
    packet[WIRE_HELLO_AT_ROW_COUNT] = scan_window.row_count;
    packet[WIRE_HELLO_AT_FIRST_COLUMN] = scan_window.first_column;
    packet[WIRE_HELLO_AT_COLUMN_COUNT] = scan_window.column_count;
    put_u16(packet + WIRE_HELLO_AT_REFERENCE_PERMILLE, FRONT_REFERENCE_PERMILLE);
    packet_begin(packet, WIRE_HELLO_BYTES, nullptr, 0);
    if (hold_scan) {
        hold_scan = false;
        scan_restart_ticks();
    }
}

static void begin_reply() {
    reply_pending = false;
    packet[WIRE_REPLY_AT_TYPE] = WIRE_PACKET_REPLY;
    packet[WIRE_REPLY_AT_COMMAND] = reply.command;
    packet[WIRE_REPLY_AT_TOKEN] = reply.token;
    packet[WIRE_REPLY_AT_RESULT] = reply.result;
    put_u32(packet + WIRE_REPLY_AT_VALUE, reply.value);
    packet_begin(packet, WIRE_REPLY_BYTES, reply.data, reply.data_bytes);
}

static void begin_status() {
    status_pending = false;
    packet[WIRE_STATUS_AT_TYPE] = WIRE_PACKET_STATUS;
    put_u32(packet + WIRE_STATUS_AT_TIME_US, clock_us());
    put_u32(packet + WIRE_STATUS_AT_FRAMES_SENT, scan_counters.frames_sent);
    put_u32(packet + WIRE_STATUS_AT_FRAMES_DROPPED, scan_counters.frames_dropped);
    put_u32(packet + WIRE_STATUS_AT_SCAN_OVERRUNS, scan_counters.scan_overruns);
    put_u16(packet + WIRE_STATUS_AT_SUPPLY_MV, board_state.supply_mv);
    put_u16(packet + WIRE_STATUS_AT_SELF_TEST, board_state.self_test);
    packet_begin(packet, WIRE_STATUS_BYTES, nullptr, 0);
}

// A report leaves room for a scan behind it, so that no report ever makes the link refuse a scan. A mat's
// scan is longer than the ring: there the writer waits for room by itself.
#if PACKET_IS_LONG
static bool ring_has_room(uint8_t) { return true; }
static bool ring_has_room_for_scan() { return true; }
#else
#define SCAN_ROOM (SCAN_MAX_BYTES + PACKET_OVERHEAD)
static bool ring_has_room(uint8_t packet_bytes) {
    return packet_room() >= packet_bytes + PACKET_OVERHEAD + SCAN_ROOM;
}
static bool ring_has_room_for_scan() { return packet_room() >= SCAN_ROOM; }
#endif

void reports_next() {
    if (scan_is_sending) {
        scan_is_sending = false;
        scan_packet_sent();
    }
    link_poll();
    const uint8_t *scan_packet = scan_waiting_packet();
    if (scan_packet != nullptr) {
        if (ring_has_room_for_scan()) {
            packet_begin(scan_packet, static_cast<packet_size_t>(scan_packet_bytes()), nullptr, 0);
            scan_is_sending = true;
        }
    } else if (hello_pending && ring_has_room(WIRE_HELLO_BYTES)) {
        begin_hello();
    } else if (reply_pending && ring_has_room(WIRE_REPLY_BYTES + WIRE_NOTE_MAX_BYTES)) {
        begin_reply();
    } else if (status_pending && ring_has_room(WIRE_STATUS_BYTES)) {
        begin_status();
    } else {
        link_poll();
        command_read_byte();
    }
}
