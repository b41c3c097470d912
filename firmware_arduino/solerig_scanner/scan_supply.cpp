// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan_supply.h"

#include "scan.h"  // ADC_FULL_SCALE

#if SOLERIG_PORTABLE

uint16_t supply_measure_mv() { return 0; }
bool supply_is_measured() { return false; }

#else

#include "scan_adc.h"

#if defined(__AVR_ATmega328P__)
#define BANDGAP_CHANNEL 0x0E
#else
#define BANDGAP_CHANNEL 0x1E
#endif
#define SETTLING_US 1000  // the reference has a high impedance

bool supply_is_measured() { return true; }

uint16_t supply_measure_mv() {
    adc_convert_slowly(BANDGAP_CHANNEL);
    adc_wait_us(SETTLING_US);
    const uint16_t counts = adc_convert_slowly(BANDGAP_CHANNEL);
    ADCSRA = 0;
    if (counts == 0) return 0;
    return static_cast<uint16_t>(static_cast<uint32_t>(BANDGAP_MV) * ADC_FULL_SCALE / counts);
}

#endif
