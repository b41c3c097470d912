// SPDX-License-Identifier: GPL-3.0-or-later
#include "board.h"

#if !SOLERIG_PORTABLE

#include "scan_adc.h"

uint8_t adc_start = ADC_SLOWEST;
uint8_t adc_almost_ticks;

uint16_t adc_convert_slowly(uint8_t adc_channel) {
    ADMUX = static_cast<uint8_t>(ADC_REFERENCE | adc_channel);
    ADCSRA = ADC_SLOWEST;
    while (adc_is_busy()) {
        link_poll();
    }
    clock_poll();
    return converted();
}

void adc_wait_us(uint16_t microseconds) {
    const uint16_t began = clock_ticks();
    while (static_cast<uint16_t>(clock_ticks() - began) < 2 * microseconds) {
        link_poll();
    }
}

#endif
