// SPDX-License-Identifier: GPL-3.0-or-later
// Any rig on any Arduino, with the core's own functions alone: slower, but it runs wherever analogRead does.
// How long a scan takes is measured at the start; the highest rate follows from it.
#include "scan.h"

#if SOLERIG_PORTABLE

#include "link_reports.h"  // reports_work
#include "scan_clock.h"
#include "scan_rate.h"

#define BANK_COLUMNS 16
#define BYTES_PER_SENSEL 4
#define SETTLING_US 20

static void select(const uint8_t *labels, uint8_t channel) {
    for (uint8_t n = 0; n < 4; n++) digitalWrite(labels[n], channel >> n & 1 ? HIGH : LOW);
}

static void begin_select(const uint8_t *labels) {
    for (uint8_t n = 0; n < 4; n++) pinMode(labels[n], OUTPUT);
}

#if SOLERIG_IS_MAT

static const uint8_t COLUMN_SELECT[4] = COLUMNS_A_SELECT_LABELS;

static void shift_row(bool one) {
    digitalWrite(ROW_DATA_LABEL, one ? HIGH : LOW);
    PIN_HIGH(ROW_CLOCK);
    PIN_LOW(ROW_CLOCK);
}

static void show_row() {
    PIN_HIGH(ROW_LATCH);
    PIN_LOW(ROW_LATCH);
}

static void no_row() {
    for (uint8_t n = 0; n < ROWS; n++) shift_row(false);
    show_row();
}

static void only_row(uint8_t row) {
    no_row();
    shift_row(true);
    while (row-- != 0) shift_row(false);
    show_row();
}

static void begin_pins() {
    PIN_HIGH(ROW_OFF);
    PIN_BEGIN_OUTPUT(ROW_OFF);
    PIN_BEGIN_OUTPUT(ROW_DATA);
    PIN_BEGIN_OUTPUT(ROW_CLOCK);
    PIN_BEGIN_OUTPUT(ROW_LATCH);
    begin_select(COLUMN_SELECT);
    no_row();
}

static void go_to(uint8_t row, uint8_t column) {
    if (column == scan_window.first_column) {
        only_row(row);
        delayMicroseconds(SETTLING_US);
    }
    select(COLUMN_SELECT, column);
}

static int pin_of(uint8_t) { return COLUMNS_A_SIGNAL_LABEL; }

void front_on() { PIN_LOW(ROW_OFF); }
void front_off() { PIN_HIGH(ROW_OFF); }

uint16_t front_read(uint8_t row, uint8_t column) {
    if (column == 0) only_row(row);
    select(COLUMN_SELECT, column);
    delayMicroseconds(SETTLING_US);
    return static_cast<uint16_t>(analogRead(pin_of(row)));
}

uint16_t front_read_idle(uint8_t column) {
    if (column == 0) no_row();
    select(COLUMN_SELECT, column);
    delayMicroseconds(SETTLING_US);
    return static_cast<uint16_t>(analogRead(pin_of(0)));
}

#else

static const uint8_t FOOT_SELECT[2][4] = {MUX_LEFT_SELECT_LABELS, MUX_RIGHT_SELECT_LABELS};

static void begin_pins() {
    PIN_HIGH(MUX_OFF);
    PIN_BEGIN_OUTPUT(MUX_OFF);
    begin_select(FOOT_SELECT[0]);
    begin_select(FOOT_SELECT[1]);
}

static void go_to(uint8_t row, uint8_t column) { select(FOOT_SELECT[row], column); }
static int pin_of(uint8_t row) { return row == 0 ? MUX_LEFT_SIGNAL_LABEL : MUX_RIGHT_SIGNAL_LABEL; }

void front_on() { PIN_LOW(MUX_OFF); }
void front_off() { PIN_HIGH(MUX_OFF); }

uint16_t front_read(uint8_t row, uint8_t column) {
    go_to(row, column);
    delayMicroseconds(SETTLING_US);
    return static_cast<uint16_t>(analogRead(pin_of(row)));
}

uint16_t front_read_idle(uint8_t row) {
    front_off();
    const uint16_t counts = front_read(row, 0);
    front_on();
    return counts;
}

#endif

static void put_bits(uint8_t *samples, uint16_t index, uint8_t bits, uint16_t sample) {
    const uint32_t first = static_cast<uint32_t>(index) * bits;
    for (uint8_t n = 0; n < bits; n++) {
        if (sample >> n & 1) {
            samples[(first + n) / 8] |= static_cast<uint8_t>(1 << (first + n) % 8);
        }
    }
}

static void scan_into(uint8_t *packet) {
    scan_write_header(packet);
    uint8_t *samples = packet + WIRE_SCAN_BYTES;
    const uint16_t bytes = scan_packet_bytes();
    for (uint16_t n = WIRE_SCAN_BYTES; n < bytes; n++) packet[n] = 0;
    uint16_t index = 0;
    for (uint8_t r = 0; r < scan_window.row_count; r++) {
        for (uint8_t c = 0; c < scan_window.column_count; c++) {
            const uint8_t row = static_cast<uint8_t>(scan_window.first_row + r);
            go_to(row, static_cast<uint8_t>(scan_window.first_column + c));
            link_poll();
            const uint16_t counts = static_cast<uint16_t>(analogRead(pin_of(row)));
            put_bits(samples, index++, scan_window.bit_depth,
                     static_cast<uint16_t>(counts >> (ADC_BITS - scan_window.bit_depth)));
            reports_work(BYTES_PER_SENSEL);
        }
    }
}

#if SOLERIG_IS_MAT
void front_scan() {
    scan_into(scan_scratch());
    front_off();
    packet_begin(scan_scratch(), scan_packet_bytes(), nullptr, 0);
}
#else
void front_scan(uint8_t *packet) {
    scan_into(packet);
    front_off();
}
#endif

void front_begin() {
    begin_pins();
    front_on();
    const uint32_t began = micros();
    scan_into(scan_scratch());
    rate_measured_scan_us(static_cast<uint32_t>(micros() - began));
    front_off();
}

// Between scans no sensel carries current; what is switched on settles for the time that is left.
void front_prepare() { front_on(); }
void front_set_rate(uint16_t) {}
void front_pull_up(bool) {}

#endif
