// SPDX-License-Identifier: GPL-3.0-or-later
// Scans two insoles through two multiplexers in ping-pong: while one foot's voltage is converted, the
// other foot's multiplexer settles on its next sensor for the whole conversion.
// The Arduino IDE compiles for size; the scan is what the board's speed hangs on.
#pragma GCC optimize("O2")

#include "scan.h"

#if SOLERIG_RIG == RIG_INSOLES && !SOLERIG_PORTABLE

#include "scan_adc.h"
#include "scan_rate.h"

#define SELECT_MASK(shift) static_cast<uint8_t>(0x0F << (shift))
#define FOOT_BYTES (CHANNELS_PER_FOOT * ADC_BITS / 8)
#define SETTLING_US 50
#define ADC_PINS static_cast<uint8_t>(_BV(MUX_LEFT_ADC_CHANNEL) | _BV(MUX_RIGHT_ADC_CHANNEL))

uint16_t front_lead_ticks = QUIET_TICKS;

static uint8_t bytes_per_conversion;
static bool is_off_in_pauses;
static uint16_t prepared_at;

static inline void select_left(uint8_t channel) {
    const uint8_t bits = static_cast<uint8_t>(channel * (1 << MUX_LEFT_SELECT_SHIFT));
    MUX_LEFT_SELECT_PORT = (MUX_LEFT_SELECT_PORT & ~SELECT_MASK(MUX_LEFT_SELECT_SHIFT)) | bits;
}

static inline void select_right(uint8_t channel) {
    const uint8_t bits = static_cast<uint8_t>(channel * (1 << MUX_RIGHT_SELECT_SHIFT));
    MUX_RIGHT_SELECT_PORT = (MUX_RIGHT_SELECT_PORT & ~SELECT_MASK(MUX_RIGHT_SELECT_SHIFT)) | bits;
}

// Appends one 10-bit sample to a foot's bytes, least significant bit first. `phase` counts samples
// modulo 4 and is a constant wherever it is used, so that only one case is compiled.
struct Packer {
    uint8_t *at;
    uint8_t carry;
};

template <uint8_t phase>
__attribute__((always_inline)) static inline void pack(Packer &packer, uint16_t sample) {
    const uint8_t low = static_cast<uint8_t>(sample);
    if (phase == 0) {
        *packer.at++ = low;
        packer.carry = static_cast<uint8_t>(sample >> 8);
    } else if (phase == 1) {
        *packer.at++ = static_cast<uint8_t>(packer.carry | low << 2);
        packer.carry = static_cast<uint8_t>(sample >> 6);
    } else if (phase == 2) {
        *packer.at++ = static_cast<uint8_t>(packer.carry | low << 4);
        packer.carry = static_cast<uint8_t>(sample >> 4);
    } else {
        *packer.at++ = static_cast<uint8_t>(packer.carry | low << 6);
        *packer.at++ = static_cast<uint8_t>(sample >> 2);
    }
}

void front_begin() {
    PIN_HIGH(MUX_OFF);
    PIN_BEGIN_OUTPUT(MUX_OFF);
    MUX_LEFT_SELECT_DDR |= SELECT_MASK(MUX_LEFT_SELECT_SHIFT);
    MUX_RIGHT_SELECT_DDR |= SELECT_MASK(MUX_RIGHT_SELECT_SHIFT);
    DIDR0 = ADC_PINS;
    ADCSRA = 0;
}

void front_prepare() {
    PIN_LOW(MUX_OFF);
    prepared_at = clock_ticks();
}

// The first channel settles for at least one whole conversion, as every other one does; also of a scan
// that begins late, because something outlasted its time.
static inline void wait_until_settled() {
    while (static_cast<uint16_t>(clock_ticks() - prepared_at) < front_lead_ticks - QUIET_TICKS) {
        link_poll();
    }
}

void front_set_rate(uint16_t scan_rate_hz) {
    const uint8_t prescaler_bits = rate_adc_prescaler_bits(scan_rate_hz);
    adc_set_prescaler(prescaler_bits);
    bytes_per_conversion = rate_bytes_per_conversion(scan_rate_hz);
    is_off_in_pauses = rate_leaves_a_pause(scan_rate_hz);
    front_lead_ticks = QUIET_TICKS;
    if (is_off_in_pauses) {
        front_lead_ticks = static_cast<uint16_t>(QUIET_TICKS + adc_conversion_ticks(prescaler_bits));
    } else if (scan_is_running()) {
        PIN_LOW(MUX_OFF);  // the old rate's pause ends, a period before the new rate's first scan
    }
}

void front_on() {
    select_left(0);
    select_right(0);
    PIN_LOW(MUX_OFF);
    convert(MUX_LEFT_ADC_CHANNEL);  // the first one after switching the ADC on is slow and is not used
    while (adc_is_busy()) {
        link_poll();
    }
}

void front_off() {
    PIN_HIGH(MUX_OFF);
    ADCSRA = 0;
}

// Both feet's sensors on one channel; the left conversion is running already. A multiplexer moves only
// after its own conversion has ended: the sample is held no earlier than 1.5 ADC clocks after the start.
// SOLERIG_MUTATION_MOVE_EARLY breaks this on purpose, for the test that proves it would be noticed.
template <uint8_t phase>
__attribute__((always_inline)) static inline void scan_channel(uint8_t channel, Packer &left,
                                                               Packer &right) {
    const uint8_t next = static_cast<uint8_t>((channel + 1) % CHANNELS_PER_FOOT);
    work_until_converted(bytes_per_conversion);
    convert(MUX_RIGHT_ADC_CHANNEL);
    select_left(next);
    pack<phase>(left, converted());
    work_until_converted(bytes_per_conversion);
    if (next != 0) {
        convert(MUX_LEFT_ADC_CHANNEL);
#ifdef SOLERIG_MUTATION_MOVE_EARLY
        select_left((next + 1) % CHANNELS_PER_FOOT);
#endif
    }
    select_right(next);
    pack<phase>(right, converted());
}

void front_scan(uint8_t *packet) {
    Packer left = {packet + WIRE_SCAN_BYTES, 0};
    Packer right = {packet + WIRE_SCAN_BYTES + FOOT_BYTES, 0};
    if (is_off_in_pauses) wait_until_settled();
    convert(MUX_LEFT_ADC_CHANNEL);
    scan_write_header(packet);
    for (uint8_t channel = 0; channel < CHANNELS_PER_FOOT; channel += 4) {
        scan_channel<0>(channel, left, right);
        scan_channel<1>(static_cast<uint8_t>(channel + 1), left, right);
        scan_channel<2>(static_cast<uint8_t>(channel + 2), left, right);
        scan_channel<3>(static_cast<uint8_t>(channel + 3), left, right);
    }
    if (is_off_in_pauses) PIN_HIGH(MUX_OFF);
}

uint16_t front_read(uint8_t row, uint8_t column) {
    if (row == 0) {
        select_left(column);
    } else {
        select_right(column);
    }
    adc_wait_us(SETTLING_US);
    return adc_convert_slowly(row == 0 ? MUX_LEFT_ADC_CHANNEL : MUX_RIGHT_ADC_CHANNEL);
}

uint16_t front_read_idle(uint8_t row) {
    PIN_HIGH(MUX_OFF);
    const uint16_t counts = front_read(row, 0);
    PIN_LOW(MUX_OFF);
    return counts;
}

void front_pull_up(bool on) {
    if (on) {
        ADC_PORT |= ADC_PINS;
    } else {
        ADC_PORT &= static_cast<uint8_t>(~ADC_PINS);
    }
}

#endif
