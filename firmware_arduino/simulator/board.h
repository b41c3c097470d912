// SPDX-License-Identifier: GPL-3.0-or-later
// The simulated board around the simulated chip: multiplexers, dividers, ADC, UART, sync lines.
// simavr 1.6 differs from the chips in ways that this file mends:
//   - a conversion begins at once: here at the next edge of the ADC's clock, as on silicon;
//   - the ADC's value is taken when ADCL is read, with 1023 steps: here the voltage is taken 1.5 ADC
//     clocks after the start (13.5 for the first one), as 1024 x ratio, and held for the next read;
//   - a UART frame lasts 11 bits and there is no transmit buffer: here 10 bits, double-buffered, and
//     UDRE stays alive after the Arduino core cleared UCSR0B;
//   - the receiver buffers 64 bytes: here two and the one that is arriving, and more are lost.
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "loads.h"
#include "sim_avr.h"

struct front_faults;

struct board_options {
    const char *elf_path;
    const char *eeprom_path;  // kept there from run to run, or null
    double supply_v;
    bool loads_from_scan;  // the loads' time begins when the multiplexers are first enabled
    const struct front_faults *faults;
    double adc_hangs_at_s;   // from then on one conversion takes a second; infinity: never
    unsigned poke_address;   // one byte of memory is overwritten there at that time; 0: none
    uint8_t poke_value;
    double poke_at_s;
    FILE *log;             // one event a line: seconds, name, value; or null
};

struct board_counters {
    uint64_t conversions, received_bytes_lost;
};

bool board_begin(const struct board_options *options, const struct loads *loads);
void board_reset_pressed(void);
// Runs to the given simulated time; false when the program has crashed or stopped.
bool board_run_until(double time_s);
double board_time_s(void);
struct board_counters board_counters(void);
void board_end(void);

#endif
