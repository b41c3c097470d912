// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan_supply.h"

#include <avr/io.h>

#include "config.h"        // BANDGAP_MV
#include "link_uart.h"     // link_poll: commands may arrive meanwhile
#include "scan_clock.h"    // clock_ticks
#include "scan_insoles.h"  // ADC_FULL_SCALE

#define BANDGAP_CHANNEL 0x0E
#define SETTLING_MS 1  // the reference has a high impedance

static uint16_t convert_slowly() {
    ADCSRA = _BV(ADEN) | _BV(ADSC) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
    while (ADCSRA & _BV(ADSC)) {
        link_poll();
    }
    return ADC;
}

uint16_t supply_measure_mv() {
    ADMUX = _BV(REFS0) | BANDGAP_CHANNEL;
    convert_slowly();
    const uint16_t began = clock_ticks();
    while (static_cast<uint16_t>(clock_ticks() - began) < SETTLING_MS * CLOCK_TICKS_PER_MS) {
        link_poll();
    }
    const uint16_t counts = convert_slowly();
    ADCSRA = 0;
    if (counts == 0) return 0;
    return static_cast<uint16_t>(static_cast<uint32_t>(BANDGAP_MV) * ADC_FULL_SCALE / counts);
}
