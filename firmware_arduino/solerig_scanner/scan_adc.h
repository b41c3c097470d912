// SPDX-License-Identifier: GPL-3.0-or-later
// The AVR's converter, started by software: while it converts, packets are written and the line is polled.
#ifndef SCAN_ADC_H
#define SCAN_ADC_H

#include <avr/io.h>

#include "link_reports.h"  // reports_work
#include "scan_clock.h"    // clock_poll

#define ADC_REFERENCE _BV(REFS0)  // the supply, so that a ratio is what is read
#define ADC_SLOWEST static_cast<uint8_t>(_BV(ADEN) | _BV(ADSC) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0))
#if defined(__AVR_ATmega328P__)
#define ADC_PORT PORTC
#else
#define ADC_PORT PORTF
#endif

extern uint8_t adc_start;         // ADCSRA to start a conversion
extern uint8_t adc_almost_ticks;  // half microseconds until a started conversion is almost done

static inline void adc_set_prescaler(uint8_t bits) {
    adc_start = static_cast<uint8_t>(_BV(ADEN) | _BV(ADSC) | bits);
    adc_almost_ticks = static_cast<uint8_t>((26 << bits) / 16 - 6);
}

// Half microseconds from one conversion's start to the next one's: 13 ADC clocks and the wait for an edge.
static inline uint16_t adc_conversion_ticks(uint8_t prescaler_bits) {
    return static_cast<uint16_t>((14 << prescaler_bits) / 8);
}

static inline void convert(uint8_t adc_channel) {
    ADMUX = static_cast<uint8_t>(ADC_REFERENCE | adc_channel);
    ADCSRA = adc_start;
}

static inline uint16_t converted() { return ADC; }
static inline bool adc_is_busy() { return (ADCSRA & _BV(ADSC)) != 0; }

// The conversion runs: use its time, then wait for its end. ADSC is polled and not ADIF, which only an
// interrupt or a written 1 clears.
__attribute__((always_inline)) static inline void work_until_converted(uint8_t bytes) {
    link_poll();
    reports_work(bytes);
    while (adc_is_busy()) {
        link_poll();
    }
}

// For what may take its time: the supply and the self-test.
uint16_t adc_convert_slowly(uint8_t adc_channel);
void adc_wait_us(uint16_t microseconds);

#endif
