// SPDX-License-Identifier: GPL-3.0-or-later
// What you may choose before flashing. Pins are not here: they follow from the net tables (pin_map*.h).
#ifndef CONFIG_H
#define CONFIG_H

#define RIG_INSOLES 1      // Uno, Nano, Mega, Leonardo, Micro, or any other Arduino (slower)
#define RIG_MAT16 2        // 16 x 16, virtual-ground columns: Uno, Nano, or any other Arduino
#define RIG_MAT32 3        // 32 x 32, virtual-ground columns: Mega
#define RIG_MAT16_CHEAP 4  // 16 x 16, grounded idle rows: Uno, Nano, or any other Arduino

// What the board is soldered to.
#ifndef SOLERIG_RIG
#define SOLERIG_RIG RIG_INSOLES
#endif

// 1: a serial radio module instead of the USB cable, at 115200 baud; on a Leonardo or Micro it sits on
// pins D0 and D1.
#ifndef SOLERIG_RADIO
#define SOLERIG_RADIO 0
#endif

// Version of this firmware, reported in HELLO.
#define FIRMWARE_MAJOR 1
#define FIRMWARE_MINOR 1
#define FIRMWARE_PATCH 0

// Baud at start. 1000000 fits an Uno and every Nano exactly; 115200 is for serial radios. One of
// 115200, 250000, 500000, 1000000, 2000000; the host can change it while the board runs.
#ifndef DEFAULT_BAUD
#if SOLERIG_RADIO
#define DEFAULT_BAUD 115200
#else
#define DEFAULT_BAUD 1000000
#endif
#endif

// Scans a second at start; the host can change it while the board runs.
#ifndef DEFAULT_SCAN_RATE_HZ
#if SOLERIG_RIG == RIG_INSOLES
#define DEFAULT_SCAN_RATE_HZ (SOLERIG_RADIO ? 200 : 1000)
#elif SOLERIG_RIG == RIG_MAT32
#define DEFAULT_SCAN_RATE_HZ (SOLERIG_RADIO ? 8 : 60)
#else
#define DEFAULT_SCAN_RATE_HZ (SOLERIG_RADIO ? 30 : 200)
#endif
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
#if SOLERIG_RIG < RIG_INSOLES || SOLERIG_RIG > RIG_MAT16_CHEAP
#error "SOLERIG_RIG must be RIG_INSOLES, RIG_MAT16, RIG_MAT32 or RIG_MAT16_CHEAP."
#endif
#if DEFAULT_BAUD != 115200 && DEFAULT_BAUD != 250000 && DEFAULT_BAUD != 500000 && \
    DEFAULT_BAUD != 1000000 && DEFAULT_BAUD != 2000000
#error "DEFAULT_BAUD must be 115200, 250000, 500000, 1000000 or 2000000."
#endif
#if BANDGAP_MV < 1000 || BANDGAP_MV > 1200
#error "BANDGAP_MV lies between 1000 and 1200 on every AVR that this sketch knows."
#endif
#if SUPPLY_LOW_MV >= SUPPLY_HIGH_MV
#error "SUPPLY_LOW_MV must be below SUPPLY_HIGH_MV."
#endif

#define SOLERIG_IS_MAT (SOLERIG_RIG != RIG_INSOLES)

#endif
