// SPDX-License-Identifier: GPL-3.0-or-later
// What you may choose before flashing. Pins are not here: they follow from nets.toml (pin_map.h).
#ifndef CONFIG_H
#define CONFIG_H

// Version of this firmware, reported in HELLO.
#define FIRMWARE_MAJOR 1
#define FIRMWARE_MINOR 0
#define FIRMWARE_PATCH 0

// Baud at start. 1000000 fits an Uno and every Nano exactly; 115200 is for serial radios. One of
// 115200, 250000, 500000, 1000000, 2000000; the host can change it while the board runs.
#ifndef DEFAULT_BAUD
#define DEFAULT_BAUD 1000000
#endif

// Scans a second at start; the host can change it while the board runs.
#ifndef DEFAULT_SCAN_RATE_HZ
#define DEFAULT_SCAN_RATE_HZ 1000
#endif

// The chip's own reference, which tells the supply voltage. Its data sheet allows 1000 to 1200; measure
// yours at AREF with a voltmeter if the supply in STATUS must be right to better than 10 %.
#ifndef BANDGAP_MV
#define BANDGAP_MV 1100
#endif

// Supply voltages between which the self-test is content. Wide, because of the reference above.
#define SUPPLY_LOW_MV 4300
#define SUPPLY_HIGH_MV 5700

// A new baud at which no valid command arrives for so long is given up for the old one.
#define BAUD_TRIAL_MS 2000

// Where the board clock starts. Only tests change it, to meet its wrap at 2^32 us early.
#ifndef CLOCK_START_US
#define CLOCK_START_US 0
#endif

// ---- what cannot work is stopped here ---------------------------------------------------------------
#if !defined(__AVR_ATmega328P__)
#error "This sketch is for the ATmega328P: choose the board Arduino Uno or Arduino Nano."
#endif
#if F_CPU != 16000000UL
#error "Clock, baud and ADC settings assume a 16 MHz board."
#endif
#if DEFAULT_BAUD != 115200 && DEFAULT_BAUD != 250000 && DEFAULT_BAUD != 500000 && \
    DEFAULT_BAUD != 1000000 && DEFAULT_BAUD != 2000000
#error "DEFAULT_BAUD must be 115200, 250000, 500000, 1000000 or 2000000."
#endif
#if BANDGAP_MV < 1000 || BANDGAP_MV > 1200
#error "BANDGAP_MV lies between 1000 and 1200 on every ATmega328P."
#endif
#if SUPPLY_LOW_MV >= SUPPLY_HIGH_MV
#error "SUPPLY_LOW_MV must be below SUPPLY_HIGH_MV."
#endif

#endif
