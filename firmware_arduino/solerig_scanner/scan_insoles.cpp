// SPDX-License-Identifier: GPL-3.0-or-later
// The Arduino IDE compiles for size; the scan is what the board's speed hangs on.
#pragma GCC optimize("O2")

#include "scan_insoles.h"

#include <avr/io.h>

#include "link_reports.h"  // reports_work: packets are written while the ADC converts
#include "link_uart.h"     // link_poll
#include "scan_clock.h"
#include "scan_outputs.h"  // output_sync_is_high
#include "scan_rate.h"

#define ADC_REFERENCE _BV(REFS0)  // the supply, so that a divider's ratio is what is read
#define SELECT_MASK(shift) static_cast<uint8_t>(0x0F << (shift))

ScanCounters scan_counters;

// The last 4 us before a scan only look at the clock, so that scans start within a microsecond.
#define SPIN_TICKS 8
#define PACKETS 4  // one is filled, one is sent, two wait out a HELLO or a STATUS; a power of two

static uint8_t packets[PACKETS][SCAN_PACKET_BYTES];
static uint8_t filling;  // index of the packet to fill next
static uint8_t waiting;  // packets filled and not yet in the ring
static bool running;
static uint16_t sequence;
static uint16_t period_ticks;
static uint16_t last_tick;
static uint8_t adc_start;  // ADCSRA to start a conversion
static uint8_t bytes_per_conversion;

static inline void select_left(uint8_t channel) {
    const uint8_t bits = static_cast<uint8_t>(channel * (1 << MUX_LEFT_SELECT_SHIFT));
    MUX_LEFT_SELECT_PORT = (MUX_LEFT_SELECT_PORT & ~SELECT_MASK(MUX_LEFT_SELECT_SHIFT)) | bits;
}

static inline void select_right(uint8_t channel) {
    const uint8_t bits = static_cast<uint8_t>(channel * (1 << MUX_RIGHT_SELECT_SHIFT));
    MUX_RIGHT_SELECT_PORT = (MUX_RIGHT_SELECT_PORT & ~SELECT_MASK(MUX_RIGHT_SELECT_SHIFT)) | bits;
}

static inline void convert(uint8_t adc_channel) {
    ADMUX = ADC_REFERENCE | adc_channel;
    ADCSRA = adc_start;
}

static inline uint16_t converted() { return ADC; }

// The conversion runs: use its time, then wait for its end. ADSC is polled and not ADIF, which only an
// interrupt or a written 1 clears.
__attribute__((always_inline)) static inline void work_until_converted() {
    link_poll();
    reports_work(bytes_per_conversion);
    while (ADCSRA & _BV(ADSC)) {
        link_poll();
    }
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

void scan_begin() {
    MUX_OFF_PORT |= _BV(MUX_OFF_BIT);
    MUX_OFF_DDR |= _BV(MUX_OFF_BIT);
    MUX_LEFT_SELECT_DDR |= SELECT_MASK(MUX_LEFT_SELECT_SHIFT);
    MUX_RIGHT_SELECT_DDR |= SELECT_MASK(MUX_RIGHT_SELECT_SHIFT);
    DIDR0 = _BV(MUX_LEFT_ADC_CHANNEL) | _BV(MUX_RIGHT_ADC_CHANNEL);
}

void scan_set_rate(uint16_t scan_rate_hz) {
    period_ticks = static_cast<uint16_t>((CLOCK_TICKS_PER_S + scan_rate_hz / 2) / scan_rate_hz);
    adc_start = static_cast<uint8_t>(_BV(ADEN) | _BV(ADSC) | rate_adc_prescaler_bits(scan_rate_hz));
    bytes_per_conversion = rate_bytes_per_conversion(scan_rate_hz);
}

void scan_restart_ticks() { last_tick = clock_ticks(); }

void scan_start(uint16_t scan_rate_hz) {
    scan_set_rate(scan_rate_hz);
    select_left(0);
    select_right(0);
    MUX_OFF_PORT &= static_cast<uint8_t>(~_BV(MUX_OFF_BIT));
    convert(MUX_LEFT_ADC_CHANNEL);  // the first one after switching the ADC on is slow and is not used
    while (ADCSRA & _BV(ADSC)) {
        link_poll();
    }
    running = true;
    scan_restart_ticks();
}

void scan_stop() {
    running = false;
    MUX_OFF_PORT |= _BV(MUX_OFF_BIT);
    ADCSRA = 0;
}

bool scan_is_running() { return running; }

uint16_t scan_ticks_left() {
    const uint16_t elapsed = static_cast<uint16_t>(clock_ticks() - last_tick);
    return elapsed >= period_ticks ? 0 : static_cast<uint16_t>(period_ticks - elapsed);
}

const uint8_t *scan_waiting_packet() {
    return waiting == 0 ? nullptr : packets[(filling - waiting) & (PACKETS - 1)];
}

void scan_packet_sent() {
    waiting--;
    scan_counters.frames_sent++;
}

static void write_header(uint8_t *packet) {
    uint8_t flags = link_configuration();
    if (SYNC_IN_PIN & _BV(SYNC_IN_BIT)) flags |= WIRE_FLAGS_SYNC_IN;
    if (output_sync_is_high()) flags |= WIRE_FLAGS_SYNC_OUT;
    packet[WIRE_SCAN_AT_TYPE] = WIRE_PACKET_SCAN;
    put_u16(packet + WIRE_SCAN_AT_SEQUENCE, sequence);
    put_u32(packet + WIRE_SCAN_AT_TIME_US, clock_us());
    packet[WIRE_SCAN_AT_FLAGS] = flags;
}

// Both feet's sensors on one channel; the left conversion is running already. A multiplexer moves only
// after its own conversion has ended: the sample is held no earlier than 1.5 ADC clocks after the start.
// SOLERIG_MUTATION_MOVE_EARLY breaks this on purpose, for the test that proves it would be noticed.
template <uint8_t phase>
__attribute__((always_inline)) static inline void scan_channel(uint8_t channel, Packer &left,
                                                               Packer &right) {
    const uint8_t next = static_cast<uint8_t>((channel + 1) % CHANNELS_PER_FOOT);
    work_until_converted();
    convert(MUX_RIGHT_ADC_CHANNEL);
    select_left(next);
    pack<phase>(left, converted());
    work_until_converted();
    if (next != 0) {
        convert(MUX_LEFT_ADC_CHANNEL);
#ifdef SOLERIG_MUTATION_MOVE_EARLY
        select_left((next + 1) % CHANNELS_PER_FOOT);
#endif
    }
    select_right(next);
    pack<phase>(right, converted());
}

static void scan(uint8_t *packet) {
    Packer left = {packet + WIRE_SCAN_BYTES, 0};
    Packer right = {packet + WIRE_SCAN_BYTES + FOOT_BYTES, 0};
    convert(MUX_LEFT_ADC_CHANNEL);
    write_header(packet);
    for (uint8_t channel = 0; channel < CHANNELS_PER_FOOT; channel += 4) {
        scan_channel<0>(channel, left, right);
        scan_channel<1>(static_cast<uint8_t>(channel + 1), left, right);
        scan_channel<2>(static_cast<uint8_t>(channel + 2), left, right);
        scan_channel<3>(static_cast<uint8_t>(channel + 3), left, right);
    }
}

void scan_take_tick() {
    const uint16_t tick = last_tick;
    const uint16_t period = period_ticks;
    while (static_cast<uint16_t>(clock_ticks() - tick) < period - SPIN_TICKS) {
        link_poll();
    }
    while (static_cast<uint16_t>(clock_ticks() - tick) < period) {
    }
    uint16_t late = static_cast<uint16_t>(clock_ticks() - last_tick - period_ticks);
    last_tick += period_ticks;
    while (late >= period_ticks) {
        late -= period_ticks;
        last_tick += period_ticks;
        sequence++;
        scan_counters.scan_overruns++;
    }
    if (waiting < PACKETS - 1) {
        scan(packets[filling]);
        filling = (filling + 1) & (PACKETS - 1);
        waiting++;
    } else {
        scan_counters.frames_dropped++;
    }
    sequence++;
}
