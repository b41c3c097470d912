// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_handler.h"

#include "command_memory.h"
#include "command_reader.h"
#include "config.h"
#include "link_reports.h"
#include "guard.h"
#include "link.h"
#include "scan_clock.h"
#include "scan.h"
#include "scan_outputs.h"
#include "scan_rate.h"
#include "scan_supply.h"
#include "self_test.h"

#define BAUD_SILENCE_MS 20

// What a command comes to. A refusal may carry the limit that was exceeded.
struct Answer {
    uint8_t result;
    uint32_t value;
    const uint8_t *data;
    packet_size_t data_bytes;
};

static uint32_t old_baud;
static uint32_t new_baud;  // 0 = no change is due
static bool baud_is_on_trial;
static uint32_t trial_began_us;

static Answer done(uint32_t value) { return {WIRE_RESULT_DONE, value, nullptr, 0}; }
static Answer refused(uint8_t result, uint32_t value = 0) { return {result, value, nullptr, 0}; }

void commands_begin() {
    memory_begin();
    board_state.baud = DEFAULT_BAUD;
    board_state.scan_rate_hz = DEFAULT_SCAN_RATE_HZ;
#if SOLERIG_PORTABLE
    const uint16_t limit_hz = rate_limit_hz(DEFAULT_BAUD, scan_window);  // known only now
    if (board_state.scan_rate_hz > limit_hz) board_state.scan_rate_hz = limit_hz;
#endif
    board_state.unique_id = memory_id();
    board_state.self_test = WIRE_SELF_TEST_NOT_RUN;
    if (guard_restarted()) board_state.self_test |= WIRE_SELF_TEST_WATCHDOG_RESTARTED;
    command_forget();
}

// What is true whenever it is looked at, unlike the findings of a test.
static uint16_t board_findings() {
    uint16_t findings = 0;
    if (supply_is_measured() && board_state.supply_mv < SUPPLY_LOW_MV) findings |= WIRE_SELF_TEST_SUPPLY_LOW;
    if (board_state.supply_mv > SUPPLY_HIGH_MV) findings |= WIRE_SELF_TEST_SUPPLY_HIGH;
    if (!guard_ram_is_whole()) findings |= WIRE_SELF_TEST_RAM_DAMAGED;
    if (guard_restarted()) findings |= WIRE_SELF_TEST_WATCHDOG_RESTARTED;
    return findings;
}

void board_measure_supply() { board_state.supply_mv = supply_measure_mv(); }

void board_look_around() {
    guard_poll();
    if (!scan_is_running()) board_measure_supply();
    const uint16_t passing = WIRE_SELF_TEST_SUPPLY_LOW | WIRE_SELF_TEST_SUPPLY_HIGH;
    board_state.self_test = static_cast<uint16_t>((board_state.self_test & ~passing) | board_findings());
}

static Answer start() {
    if (!scan_is_running()) {
        reports_started();
        scan_start(board_state.scan_rate_hz);
    }
    return done(board_state.scan_rate_hz);
}

static Answer set_rate(uint16_t rate_hz) {
    const uint16_t limit_hz = rate_limit_hz(board_state.baud, scan_window);
    if (rate_hz > limit_hz) return refused(WIRE_RESULT_RATE_TOO_HIGH, limit_hz);
    if (rate_hz < MIN_SCAN_RATE_HZ) return refused(WIRE_RESULT_RATE_TOO_LOW, MIN_SCAN_RATE_HZ);
    board_state.scan_rate_hz = rate_hz;
    scan_set_rate(rate_hz);
    reports_settings_changed();
    return done(rate_hz);
}

static Answer set_baud(uint32_t baud) {
    if (!link_supports(baud)) return refused(WIRE_RESULT_BAUD_NOT_SUPPORTED);
    const uint16_t limit_hz = rate_limit_hz(baud, scan_window);
    if (board_state.scan_rate_hz > limit_hz) return refused(WIRE_RESULT_RATE_TOO_HIGH, limit_hz);
    new_baud = baud;
    return done(baud);
}

#if SOLERIG_IS_MAT
static Answer change_window(const ScanWindow &wanted) {
    const uint16_t limit_hz = rate_limit_hz(board_state.baud, wanted);
    if (board_state.scan_rate_hz > limit_hz) return refused(WIRE_RESULT_RATE_TOO_HIGH, limit_hz);
    scan_window = wanted;
    reports_settings_changed();
    return done(scan_sensels());
}
#endif

static Answer set_bit_depth(uint8_t bits) {
#if SOLERIG_IS_MAT
    if (bits == 8 || bits == ADC_BITS) {
        ScanWindow wanted = scan_window;
        wanted.bit_depth = bits;
        const Answer given = change_window(wanted);
        return given.result == WIRE_RESULT_DONE ? done(bits) : given;
    }
#else
    if (bits == ADC_BITS) return done(bits);
#endif
    return refused(WIRE_RESULT_BIT_DEPTH_NOT_SUPPORTED, ADC_BITS);
}

static Answer set_region(const uint8_t *region) {
    const ScanWindow wanted = {region[0], region[1], region[2], region[3], scan_window.bit_depth};
    const bool inside = wanted.row_count != 0 && wanted.column_count != 0 &&
                        wanted.first_row + wanted.row_count <= FRONT_ROWS &&
                        wanted.first_column + wanted.column_count <= FRONT_COLUMNS;
#if SOLERIG_IS_MAT
    // a multiple of four columns, so that ten-bit samples end on a whole byte with each row
    if (inside && wanted.column_count % 4 == 0) return change_window(wanted);
#else
    if (inside && wanted.row_count == FRONT_ROWS && wanted.column_count == FRONT_COLUMNS) {
        return done(SENSEL_COUNT);
    }
#endif
    return refused(WIRE_RESULT_REGION_NOT_SUPPORTED, SENSEL_COUNT);
}

static Answer self_test() {
    uint16_t findings = self_test_front();
    board_measure_supply();
    memory_begin();
    if (memory_id_is_damaged() || memory_note_state() == NOTE_IS_DAMAGED) {
        findings |= WIRE_SELF_TEST_EEPROM_DAMAGED;
    }
    if (memory_id() == 0xFFFFFFFFUL) findings |= WIRE_SELF_TEST_ID_MISSING;
    board_state.self_test = static_cast<uint16_t>(findings | board_findings());
    return {WIRE_RESULT_DONE, board_state.self_test, self_test_states(), SELF_TEST_STATE_BYTES};
}

static Answer set_id(uint32_t id) {
    memory_store_id(id);
    board_state.unique_id = memory_id();
    reports_settings_changed();
    return done(board_state.unique_id);
}

static Answer store_note(const uint8_t *note, uint8_t bytes) {
    if (bytes > WIRE_NOTE_MAX_BYTES) return refused(WIRE_RESULT_NOTE_TOO_LONG, WIRE_NOTE_MAX_BYTES);
    memory_store_note(note, bytes);
    return done(bytes);
}

static Answer read_note() {
    if (memory_note_state() == NOTE_IS_MISSING) return refused(WIRE_RESULT_NOTE_MISSING);
    if (memory_note_state() == NOTE_IS_DAMAGED) return refused(WIRE_RESULT_NOTE_DAMAGED);
    return {WIRE_RESULT_DONE, memory_note_bytes(), memory_note(), memory_note_bytes()};
}

// Bytes that a command must have; 0 = no such command.
static uint8_t expected_bytes(uint8_t command) {
    switch (command) {
        case WIRE_COMMAND_HELLO: return WIRE_COMMAND_HELLO_BYTES;
        case WIRE_COMMAND_START: return WIRE_COMMAND_START_BYTES;
        case WIRE_COMMAND_STOP: return WIRE_COMMAND_STOP_BYTES;
        case WIRE_COMMAND_SET_RATE: return WIRE_COMMAND_SET_RATE_BYTES;
        case WIRE_COMMAND_SET_BAUD: return WIRE_COMMAND_SET_BAUD_BYTES;
        case WIRE_COMMAND_SELF_TEST: return WIRE_COMMAND_SELF_TEST_BYTES;
        case WIRE_COMMAND_IDENTIFY: return WIRE_COMMAND_IDENTIFY_BYTES;
        case WIRE_COMMAND_SET_ID: return WIRE_COMMAND_SET_ID_BYTES;
        case WIRE_COMMAND_STORE_NOTE: return WIRE_COMMAND_STORE_NOTE_BYTES;
        case WIRE_COMMAND_READ_NOTE: return WIRE_COMMAND_READ_NOTE_BYTES;
        case WIRE_COMMAND_SYNC_PULSE: return WIRE_COMMAND_SYNC_PULSE_BYTES;
        case WIRE_COMMAND_SET_BIT_DEPTH: return WIRE_COMMAND_SET_BIT_DEPTH_BYTES;
        case WIRE_COMMAND_SET_REGION: return WIRE_COMMAND_SET_REGION_BYTES;
        default: return 0;
    }
}

// These use the ADC, the EEPROM or the whole line for longer than a scan may wait, or change its size.
static bool needs_stop(uint8_t command) {
    return command == WIRE_COMMAND_SET_BAUD || command == WIRE_COMMAND_SELF_TEST ||
           command == WIRE_COMMAND_SET_ID || command == WIRE_COMMAND_STORE_NOTE ||
           command == WIRE_COMMAND_SET_BIT_DEPTH || command == WIRE_COMMAND_SET_REGION;
}

static Answer obey(uint8_t command, const uint8_t *bytes, uint8_t length) {
    switch (command) {
        case WIRE_COMMAND_HELLO:
            reports_hello(WIRE_HELLO_REASON_ASKED);
            return done(WIRE_PROTOCOL_VERSION);
        case WIRE_COMMAND_START: return start();
        case WIRE_COMMAND_STOP:
            scan_stop();
            return done(0);
        case WIRE_COMMAND_SET_RATE:
            return set_rate(get_u16(bytes + WIRE_COMMAND_SET_RATE_AT_SCAN_RATE_HZ));
        case WIRE_COMMAND_SET_BAUD: return set_baud(get_u32(bytes + WIRE_COMMAND_SET_BAUD_AT_BAUD));
        case WIRE_COMMAND_SELF_TEST: return self_test();
        case WIRE_COMMAND_IDENTIFY:
            output_blink(bytes[WIRE_COMMAND_IDENTIFY_AT_SECONDS]);
            return done(bytes[WIRE_COMMAND_IDENTIFY_AT_SECONDS]);
        case WIRE_COMMAND_SET_ID: return set_id(get_u32(bytes + WIRE_COMMAND_SET_ID_AT_UNIQUE_ID));
        case WIRE_COMMAND_STORE_NOTE:
            return store_note(bytes + WIRE_COMMAND_STORE_NOTE_BYTES,
                              static_cast<uint8_t>(length - WIRE_COMMAND_STORE_NOTE_BYTES));
        case WIRE_COMMAND_READ_NOTE: return read_note();
        case WIRE_COMMAND_SET_BIT_DEPTH:
            return set_bit_depth(bytes[WIRE_COMMAND_SET_BIT_DEPTH_AT_BIT_DEPTH]);
        case WIRE_COMMAND_SET_REGION:
            return set_region(bytes + WIRE_COMMAND_SET_REGION_AT_FIRST_ROW);
        default:  // SYNC_PULSE; answer() has refused all others
            output_sync_pulse();
            return done(WIRE_SYNC_PULSE_MS);
    }
}

static Answer answer(uint8_t command, const uint8_t *bytes, uint8_t length) {
    const uint8_t expected = expected_bytes(command);
    if (expected == 0) return refused(WIRE_RESULT_UNKNOWN_COMMAND);
    const bool has_tail = command == WIRE_COMMAND_STORE_NOTE;
    if (length < expected || (length > expected && !has_tail)) {
        return refused(WIRE_RESULT_BAD_LENGTH, expected);
    }
    if (scan_is_running() && needs_stop(command)) return refused(WIRE_RESULT_STOP_FIRST);
    return obey(command, bytes, length);
}

// The UART still holds up to two bytes when the ring is empty: 174 us at 115200 baud.
static void wait_until_line_is_quiet() {
    while (!reports_are_drained()) {
        link_poll();
        clock_poll();
        reports_work(1);
    }
    const uint16_t began = clock_ticks();
    while (static_cast<uint16_t>(clock_ticks() - began) < CLOCK_TICKS_PER_MS / 2) {
        clock_poll();
    }
}

// The HELLO at the new baud comes after a silence in which the host can follow.
static void change_baud(uint32_t baud) {
    wait_until_line_is_quiet();
    board_state.baud = baud;
    link_begin(baud);
    command_forget();
    const uint16_t began = clock_ticks();
    while (static_cast<uint16_t>(clock_ticks() - began) < BAUD_SILENCE_MS * CLOCK_TICKS_PER_MS) {
        link_poll();
        clock_poll();
    }
    reports_settings_changed();
}

static void begin_baud_trial() {
    old_baud = board_state.baud;
    change_baud(new_baud);
    new_baud = 0;
    baud_is_on_trial = true;
    trial_began_us = clock_us();
}

void commands_poll_baud_trial() {
    if (!baud_is_on_trial || clock_us() - trial_began_us < BAUD_TRIAL_MS * 1000UL) return;
    baud_is_on_trial = false;
    change_baud(old_baud);
}

void commands_answer() {
    if (command_received.arrival == COMMAND_DAMAGED) {
        reports_reply(0, 0, WIRE_RESULT_DAMAGED, 0, nullptr, 0);
        command_forget();
        return;
    }
    baud_is_on_trial = false;
    const uint8_t *bytes = command_received.bytes;
    const uint8_t command = bytes[WIRE_COMMAND_HELLO_AT_TYPE];
    const Answer given = answer(command, bytes, command_received.length);
    reports_reply(command, bytes[WIRE_COMMAND_HELLO_AT_TOKEN], given.result, given.value, given.data,
                  given.data_bytes);
    command_forget();
    if (new_baud != 0) begin_baud_trial();
}
