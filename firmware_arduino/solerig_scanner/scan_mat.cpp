// SPDX-License-Identifier: GPL-3.0-or-later
// Scans a mat row by row: a chain of shift registers drives one row, one or two multiplexers bring its
// columns to the converter. Everything moves as soon as the running conversion has taken its sample, so
// that the next one settles for the rest of it.
#pragma GCC optimize("O2")

#include "scan.h"

#if SOLERIG_IS_MAT && !SOLERIG_PORTABLE

#include "packet_stream.h"
#include "scan_adc.h"
#include "scan_rate.h"

#define BANK_COLUMNS 16
#define BANKS (COLUMNS / BANK_COLUMNS)
#define SELECT_MASK(shift) static_cast<uint8_t>(0x0F << (shift))
#define SETTLING_TICKS 24  // 12 us: the column amplifier needs 1 us for each factor of e
#define PUT_TICKS 7  // a byte into the ring with a look at the line; begun later, it outlasts the conversion

static uint8_t hold_ticks;  // half microseconds until a started conversion has surely taken its sample
static uint8_t put_until_ticks;  // and until when one more byte may be put into the ring meanwhile
static uint8_t prepared_at;  // when the first row was driven

static inline void row_shift(bool one) {
    if (one) {
        PIN_HIGH(ROW_DATA);
    } else {
        PIN_LOW(ROW_DATA);
    }
    PIN_HIGH(ROW_CLOCK);
    PIN_LOW(ROW_CLOCK);
}

static inline void row_show() {
    PIN_HIGH(ROW_LATCH);
    PIN_LOW(ROW_LATCH);
}

static inline void next_row() {
    row_shift(false);
    row_show();
}

// Nothing that was shifted before can still drive a row.
static void no_row() {
    for (uint8_t n = 0; n < ROWS; n++) {
        row_shift(false);
        link_poll();
    }
    row_show();
}

static void first_row(uint8_t row) {
    row_shift(true);
    while (row-- != 0) {
        row_shift(false);
        link_poll();
    }
    row_show();
}

static inline uint8_t with_channel(uint8_t port, uint8_t channel, uint8_t shift) {
    return static_cast<uint8_t>((port & static_cast<uint8_t>(~SELECT_MASK(shift))) |
                                static_cast<uint8_t>(channel << shift));
}

static inline void select_column(uint8_t column) {
    const uint8_t channel = column % BANK_COLUMNS;
    const uint8_t port = with_channel(COLUMNS_A_SELECT_PORT, channel, COLUMNS_A_SELECT_SHIFT);
#if BANKS > 1
    if (&COLUMNS_A_SELECT_PORT == &COLUMNS_B_SELECT_PORT) {
        COLUMNS_A_SELECT_PORT = with_channel(port, channel, COLUMNS_B_SELECT_SHIFT);
        return;
    }
    COLUMNS_B_SELECT_PORT = with_channel(COLUMNS_B_SELECT_PORT, channel, COLUMNS_B_SELECT_SHIFT);
#endif
    COLUMNS_A_SELECT_PORT = port;
}

static inline uint8_t adc_channel_of(uint8_t column) {
#if BANKS > 1
    return column < BANK_COLUMNS ? COLUMNS_A_ADC_CHANNEL : COLUMNS_B_ADC_CHANNEL;
#else
    static_cast<void>(column);
    return COLUMNS_A_ADC_CHANNEL;
#endif
}

void front_begin() {
    PIN_HIGH(ROW_OFF);
    PIN_BEGIN_OUTPUT(ROW_OFF);
    PIN_BEGIN_OUTPUT(ROW_DATA);
    PIN_BEGIN_OUTPUT(ROW_CLOCK);
    PIN_BEGIN_OUTPUT(ROW_LATCH);
    COLUMNS_A_SELECT_DDR |= SELECT_MASK(COLUMNS_A_SELECT_SHIFT);
    DIDR0 = _BV(COLUMNS_A_ADC_CHANNEL);
#if BANKS > 1
    COLUMNS_B_SELECT_DDR |= SELECT_MASK(COLUMNS_B_SELECT_SHIFT);
    DIDR0 |= _BV(COLUMNS_B_ADC_CHANNEL);
#endif
    ADCSRA = 0;
    no_row();
}

void front_set_rate(uint16_t scan_rate_hz) {
    const uint8_t prescaler_bits = rate_adc_prescaler_bits(scan_rate_hz);
    adc_set_prescaler(prescaler_bits);
    // up to one ADC clock until it begins, one and a half until the sample is held, one to be sure
    hold_ticks = static_cast<uint8_t>((7 << prescaler_bits) / 16 + 1);
    put_until_ticks = static_cast<uint8_t>(adc_almost_ticks - PUT_TICKS);
}

void front_on() {
    no_row();
    select_column(scan_window.first_column);
    PIN_LOW(ROW_OFF);
    convert(COLUMNS_A_ADC_CHANNEL);  // the first one after switching the ADC on is slow and is not used
    while (adc_is_busy()) {
        link_poll();
    }
}

void front_off() {
    PIN_HIGH(ROW_OFF);
    ADCSRA = 0;
}

// ---- samples to bytes ------------------------------------------------------------------------------------
// Header and samples are packed into the scratch as they come; its bytes go into the ring one a conversion,
// and a second one where there is time. So neither the header nor every fourth sample, which fills two bytes,
// ever puts a conversion off. The empty asm() keep both pointers in registers: left alone, the compiler
// computes each one anew from others, for 10 cycles of the 224 of a conversion.
static_assert(SCAN_MAX_BYTES <= SCAN_SCRATCH_BYTES, "A scan does not fit where it is packed.");

struct Packer {
    PacketStream stream;
    uint8_t *packed;      // where the next packed byte goes
    const uint8_t *next;  // the next one to go into the ring
    uint8_t carry;
};

// 10 bits pass through a carry; `phase` counts samples modulo 4 and is a constant wherever it is used, so
// that only one case is compiled. That is why a region is a multiple of four columns wide.
template <bool eight_bits, uint8_t phase>
__attribute__((always_inline)) static inline void pack(Packer &packer, uint16_t sample) {
    const uint8_t low = static_cast<uint8_t>(sample);
    if (eight_bits) {
        *packer.packed++ = static_cast<uint8_t>(sample >> 2);
    } else if (phase == 0) {
        *packer.packed++ = low;
        packer.carry = static_cast<uint8_t>(sample >> 8);
    } else if (phase == 1) {
        *packer.packed++ = static_cast<uint8_t>(packer.carry | low << 2);
        packer.carry = static_cast<uint8_t>(sample >> 6);
    } else if (phase == 2) {
        *packer.packed++ = static_cast<uint8_t>(packer.carry | low << 4);
        packer.carry = static_cast<uint8_t>(sample >> 4);
    } else {
        *packer.packed++ = static_cast<uint8_t>(packer.carry | low << 6);
        *packer.packed++ = static_cast<uint8_t>(sample >> 2);
    }
    asm("" : "+r"(packer.packed));
}

__attribute__((always_inline)) static inline void put_next(Packer &packer) {
    const uint8_t byte = *packer.next++;
    asm("" : "+r"(packer.next));
    stream_put(packer.stream, byte);
}

// A conversion's sample is held no earlier than 1.5 ADC clocks after its start: nothing moves before.
// SOLERIG_MUTATION_MOVE_EARLY breaks this on purpose, for the test that proves it would be noticed.
__attribute__((always_inline)) static inline uint8_t wait_until_held(uint8_t began) {
    uint8_t elapsed = static_cast<uint8_t>(TCNT1L - began);
#ifndef SOLERIG_MUTATION_MOVE_EARLY
    while (elapsed < hold_ticks) {
        link_poll();
        elapsed = static_cast<uint8_t>(TCNT1L - began);
    }
#endif
    return elapsed;
}

// The conversion of one cell runs. As soon as its sample is held, move on to the next cell, whose voltages
// then settle for the rest of it; wait for its end, begin the next one, put this one away.
template <bool eight_bits, uint8_t phase>
__attribute__((always_inline)) static inline void scan_cell(Packer &packer, uint8_t &began,
                                                            uint8_t next_column, bool is_last) {
    const uint8_t elapsed = wait_until_held(began);
    select_column(next_column);
    const uint8_t adc_channel = adc_channel_of(next_column);
    if (elapsed < put_until_ticks && packer.next != packer.packed) {
        put_next(packer);
        link_poll();
    }
    while (static_cast<uint8_t>(TCNT1L - began) < adc_almost_ticks) {
        link_poll();
    }
    // the next conversion must be asked for before the next edge of the ADC's clock, 16 cycles from here
    while (adc_is_busy()) {
    }
    if (!is_last) convert(adc_channel);
    began = TCNT1L;
    pack<eight_bits, phase>(packer, converted());
    put_next(packer);
    link_poll();
}

// The last cell of a row: the next row is driven as soon as this one's sample is held.
template <bool eight_bits>
__attribute__((always_inline)) static inline void scan_last_of_row(Packer &packer, uint8_t &began,
                                                                   uint8_t first, bool is_last) {
    wait_until_held(began);
    next_row();
    scan_cell<eight_bits, 3>(packer, began, first, is_last);
}

template <bool eight_bits>
__attribute__((noinline)) static void scan_rows() {
    const uint8_t first = scan_window.first_column;
    const uint8_t last = static_cast<uint8_t>(first + scan_window.column_count - 1);
    uint8_t *const packet = scan_scratch();
    Packer packer = {stream_begin(), packet + WIRE_SCAN_BYTES, packet, 0};
    convert(adc_channel_of(first));
    uint8_t began = TCNT1L;
    scan_write_header(packet);
    for (uint8_t rows_left = scan_window.row_count; rows_left != 0; rows_left--) {
        uint8_t column = first;
        clock_poll();
        for (;;) {
            scan_cell<eight_bits, 0>(packer, began, ++column, false);
            scan_cell<eight_bits, 1>(packer, began, ++column, false);
            scan_cell<eight_bits, 2>(packer, began, ++column, false);
            if (column == last) break;
            scan_cell<eight_bits, 3>(packer, began, ++column, false);
        }
        scan_last_of_row<eight_bits>(packer, began, first, rows_left == 1);
    }
    while (packer.next != packer.packed) {
        put_next(packer);
        link_poll();
    }
    stream_finish(packer.stream);
}

void front_prepare() {
    first_row(scan_window.first_row);
    prepared_at = TCNT1L;
}

void front_scan() {
    while (static_cast<uint8_t>(TCNT1L - prepared_at) < SETTLING_TICKS) {
        link_poll();
    }
    if (scan_window.bit_depth == 8) {
        scan_rows<true>();
    } else {
        scan_rows<false>();
    }
    // a region that ends with the last row has shifted its bit out already
    if (scan_window.first_row + scan_window.row_count != ROWS) no_row();
}

// ---- for the self-test ------------------------------------------------------------------------------------
static uint16_t read_column(uint8_t column) {
    select_column(column);
    adc_wait_us(SETTLING_TICKS);
    return adc_convert_slowly(adc_channel_of(column));
}

uint16_t front_read(uint8_t row, uint8_t column) {
    if (column == 0) {
        no_row();
        first_row(row);
    }
    return read_column(column);
}

uint16_t front_read_idle(uint8_t column) {
    if (column == 0) no_row();
    return read_column(column);
}

void front_pull_up(bool) {}  // an amplifier drives the pin, or every column hangs on the same pull-down

#endif
