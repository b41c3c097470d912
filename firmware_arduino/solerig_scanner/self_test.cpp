// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan.h"
#include "self_test.h"

#include "scan_clock.h"  // clock_poll

// What an empty sensel reads, and what a column does while no row is driven: there the reference is not
// loaded. The active row's own resistor draws from it, so that behind its resistor it falls.
#ifdef REFERENCE_PERMILLE
constexpr double REFERENCE_COUNTS = ADC_FULL_SCALE * (REFERENCE_PERMILLE / 1000.0);
constexpr double REFERENCE_LEFT = 1.0 - REFERENCE_OHM / (1.0 * REFERENCE_OHM + ROW_IDLE_OHM + ROW_OHM);
#else
constexpr double REFERENCE_COUNTS = 0;
constexpr double REFERENCE_LEFT = 1;
#endif
constexpr uint16_t IDLE_COUNTS = static_cast<uint16_t>(REFERENCE_COUNTS);
constexpr uint16_t EMPTY_COUNTS = static_cast<uint16_t>(REFERENCE_COUNTS * REFERENCE_LEFT);
#define ANSWER_COUNTS 24    // above an empty sensel: about 1 N on an FSR behind 1 kohm
#define REST_COUNTS 40      // a column with no row driven is at its reference within so much
#define EQUAL_COUNTS 3      // two readings of one voltage, with the converter's noise
#define TELLING_COUNTS 60   // a pair of channels says something only when it is loaded so far
#define TELLING_PAIRS 2
// More than any load gives: a divider with nothing but the multiplexer's 70-130 ohm above it reads 906 or
// more, an FSR at 100 N still has about 200 ohm (787). A virtual ground's amplifier ends below the supply: a
// short reads 1004 in the SPICE decks, a cell of 1 kohm, the most that its feedback is chosen for, 961.
#define SHORT_COUNTS (FRONT_REFERENCE_PERMILLE == 0 ? 880 : 995)
#if SOLERIG_RIG == RIG_MAT16_CHEAP
#undef SHORT_COUNTS
#define SHORT_COUNTS 780  // its rows have 100 ohm and their drivers' 50 in series
#endif

static uint16_t *counts() { return reinterpret_cast<uint16_t *>(scan_scratch() + SCAN_SCRATCH_BYTES) - SENSEL_COUNT; }

static uint8_t *states() { return scan_scratch(); }
const uint8_t *self_test_states() { return states(); }

static_assert(SELF_TEST_STATE_BYTES + 2 * SENSEL_COUNT <= SCAN_SCRATCH_BYTES, "no room for the self-test");

static void set_state(uint16_t sensel, uint8_t state) {
    uint8_t &byte = states()[sensel / 4];
    const uint8_t shift = static_cast<uint8_t>(sensel % 4 * 2);
    byte = static_cast<uint8_t>((byte & ~(3 << shift)) | state << shift);
}

static uint16_t above_empty(uint16_t sensel) {
    const uint16_t read = counts()[sensel];
    return read > EMPTY_COUNTS ? static_cast<uint16_t>(read - EMPTY_COUNTS) : 0;
}

static uint16_t judge_counts() {
    uint16_t findings = 0;
    for (uint16_t sensel = 0; sensel < SENSEL_COUNT; sensel++) {
        uint8_t state = WIRE_SENSEL_SILENT;
        if (counts()[sensel] >= SHORT_COUNTS) {
            state = WIRE_SENSEL_SHORTED;
            findings |= WIRE_SELF_TEST_SENSEL_SHORTED;
        } else if (above_empty(sensel) >= ANSWER_COUNTS) {
            state = WIRE_SENSEL_ANSWERED;
        }
        set_state(sensel, state);
    }
    return findings;
}

#if SOLERIG_RIG == RIG_INSOLES
static uint8_t state_of(uint16_t sensel) {
    return static_cast<uint8_t>(states()[sensel / 4] >> sensel % 4 * 2 & 3);
}
#endif

// A group that somebody stands on (half of it answers) should answer wholly. Insoles: a foot. Mats have no
// such group: nobody covers a whole row.
static uint16_t find_silent() {
#if SOLERIG_RIG == RIG_INSOLES
    for (uint16_t foot = 0; foot < FRONT_ROWS; foot++) {
        uint8_t answered = 0;
        for (uint16_t n = 0; n < FRONT_COLUMNS; n++) {
            answered += state_of(foot * FRONT_COLUMNS + n) == WIRE_SENSEL_ANSWERED;
        }
        if (answered < FRONT_COLUMNS / 2) continue;
        for (uint16_t n = 0; n < FRONT_COLUMNS; n++) {
            if (state_of(foot * FRONT_COLUMNS + n) == WIRE_SENSEL_SILENT) return WIRE_SELF_TEST_SENSEL_SILENT;
        }
    }
#endif
    return 0;
}

// With select line `bit` stuck, both channels of every pair that differs in it are one and the same.
static bool select_is_stuck(uint16_t row, uint16_t first_column, uint8_t bit, uint8_t &telling) {
    for (uint16_t n = 0; n < 16; n++) {
        if (n & bit) continue;
        const uint16_t one = static_cast<uint16_t>(row * FRONT_COLUMNS + first_column + n);
        const uint16_t a = above_empty(one);
        const uint16_t b = above_empty(static_cast<uint16_t>(one + bit));
        const uint16_t larger = a > b ? a : b;
        const uint16_t apart = static_cast<uint16_t>(a > b ? a - b : b - a);
        if (apart > EQUAL_COUNTS + larger / 64) return false;
        telling += larger >= TELLING_COUNTS && telling < 255;
    }
    return true;
}

static uint16_t find_stuck_select() {
#if SOLERIG_RIG == RIG_INSOLES
    // each row has a multiplexer of its own
    for (uint8_t bit = 1; bit < 16; bit = static_cast<uint8_t>(bit << 1)) {
        for (uint16_t row = 0; row < FRONT_ROWS; row++) {
            uint8_t telling = 0;
            if (select_is_stuck(row, 0, bit, telling) && telling >= TELLING_PAIRS) {
                return WIRE_SELF_TEST_MUX_STUCK;
            }
        }
    }
#else
    for (uint8_t bit = 1; bit < 16; bit = static_cast<uint8_t>(bit << 1)) {
        for (uint16_t bank = 0; bank < FRONT_COLUMNS; bank += 16) {
            uint8_t telling = 0;
            bool stuck = true;
            for (uint16_t row = 0; row < FRONT_ROWS && stuck; row++) {
                stuck = select_is_stuck(row, bank, bit, telling);
            }
            if (stuck && telling >= TELLING_PAIRS) return WIRE_SELF_TEST_MUX_STUCK;
        }
    }
#endif
    return 0;
}

#if SOLERIG_IS_MAT

// With no row driven every column rests at its reference; one that does not is broken or shorted.
static uint16_t find_broken_columns() {
    uint16_t findings = 0;
    front_off();
    for (uint8_t column = 0; column < FRONT_COLUMNS; column++) {
        const uint16_t read = front_read_idle(column);
        clock_poll();
        const int16_t above = static_cast<int16_t>(read - IDLE_COUNTS);
        if (above >= -REST_COUNTS && above <= REST_COUNTS) continue;
        findings |= WIRE_SELF_TEST_COLUMN_FAULT;
        for (uint16_t row = 0; row < FRONT_ROWS; row++) {
            set_state(static_cast<uint16_t>(row * FRONT_COLUMNS + column),
                      above > 0 ? WIRE_SENSEL_SHORTED : WIRE_SENSEL_GROUNDED);
        }
    }
    front_on();
    return findings;
}

#elif !SOLERIG_PORTABLE

// A line shorted to ground reads 0 as an unloaded one does. The chip's pull-up (20 to 50 kohm) lifts the
// input by 20 to 50 counts over the pull-down alone; through the multiplexer to ground it is a tenth of that,
// or half with 1 kohm between divider and input. Behind an amplifier the pull-up lifts nothing.
#define PULL_UP_LIFTS 12
static uint16_t find_grounded() {
    uint16_t findings = 0;
    front_pull_up(true);
    for (uint8_t row = 0; row < FRONT_ROWS; row++) {
        const uint16_t idle = front_read_idle(row);
        if (idle < PULL_UP_LIFTS) {
            findings |= WIRE_SELF_TEST_GROUND_UNTESTED;
            continue;
        }
        for (uint8_t column = 0; column < FRONT_COLUMNS; column++) {
            clock_poll();
            if (front_read(row, column) >= idle - idle / 4) continue;
            set_state(static_cast<uint16_t>(row * FRONT_COLUMNS + column), WIRE_SENSEL_GROUNDED);
            findings |= WIRE_SELF_TEST_SENSEL_SHORTED;
        }
    }
    front_pull_up(false);
    return findings;
}

#endif

uint16_t self_test_front() {
    front_on();
    for (uint8_t row = 0; row < FRONT_ROWS; row++) {
        for (uint8_t column = 0; column < FRONT_COLUMNS; column++) {
            counts()[row * FRONT_COLUMNS + column] = front_read(row, column);
            clock_poll();
        }
    }
    uint16_t findings = judge_counts();
    findings |= find_stuck_select();
#if SOLERIG_IS_MAT
    findings |= find_broken_columns();
#else
#if !SOLERIG_PORTABLE
    findings |= find_grounded();
#else
    findings |= WIRE_SELF_TEST_GROUND_UNTESTED;
#endif
#endif
    findings |= find_silent();
    front_off();
    return findings;
}
