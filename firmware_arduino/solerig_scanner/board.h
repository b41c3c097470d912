// SPDX-License-Identifier: GPL-3.0-or-later
// Which board this is compiled for, its pins, and how a pin is switched. Boards with a path of their own
// are the AVRs at 16 MHz; every other Arduino takes the portable path: slower, on the core's own functions.
#ifndef BOARD_H
#define BOARD_H

#include "config.h"
#include "wire_layout.h"

#ifndef SOLERIG_PORTABLE
#if defined(__AVR_ATmega328P__) || defined(__AVR_ATmega2560__) || defined(__AVR_ATmega32U4__)
#define SOLERIG_PORTABLE 0
#else
#define SOLERIG_PORTABLE 1
#endif
#endif

#if SOLERIG_PORTABLE
#include <Arduino.h>
#define BOARD_ID WIRE_BOARD_OTHER_ARDUINO
#else
#include <avr/io.h>
#if F_CPU != 16000000UL
#error "Clock, baud and ADC settings assume a 16 MHz board."
#endif
#if defined(__AVR_ATmega328P__)
#define BOARD_ID WIRE_BOARD_UNO_OR_NANO
#elif defined(__AVR_ATmega2560__)
#define BOARD_ID WIRE_BOARD_MEGA_2560
#else
#define BOARD_ID WIRE_BOARD_LEONARDO_OR_MICRO
#endif
#endif

// ---- the wiring --------------------------------------------------------------------------------------
#if SOLERIG_RIG == RIG_INSOLES
#if SOLERIG_PORTABLE
#include "pin_map_insole_portable.h"
#elif defined(__AVR_ATmega2560__)
#include "pin_map_insole_mega.h"
#elif defined(__AVR_ATmega32U4__)
#include "pin_map_insole_leonardo.h"
#else
#include "pin_map.h"
#endif
#elif SOLERIG_RIG == RIG_MAT32
#if SOLERIG_PORTABLE || !defined(__AVR_ATmega2560__)
#error "The 32 x 32 mat needs an Arduino Mega 2560: its memory, its pins and its speed."
#endif
#include "pin_map_mat32.h"
#else
#if !SOLERIG_PORTABLE && !defined(__AVR_ATmega328P__)
#error "The 16 x 16 mat is wired for an Arduino Uno or Nano. Leonardo, Micro and Mega have their pins on other ports."
#endif
#if SOLERIG_PORTABLE && SOLERIG_RIG == RIG_MAT16
#include "pin_map_mat16_portable.h"
#elif SOLERIG_PORTABLE
#include "pin_map_mat16_cheap_portable.h"
#elif SOLERIG_RIG == RIG_MAT16
#include "pin_map_mat16.h"
#else
#include "pin_map_mat16_cheap.h"
#endif
#endif

// The link: the chip's own serial port, or what the Arduino core calls Serial (native USB, other chips).
#if SOLERIG_PORTABLE || (defined(__AVR_ATmega32U4__) && !SOLERIG_RADIO)
#define LINK_IS_CORE_SERIAL 1
#else
#define LINK_IS_CORE_SERIAL 0
#endif

// ---- one pin ------------------------------------------------------------------------------------------
#if SOLERIG_PORTABLE
#define PIN_BEGIN_OUTPUT(name) pinMode(name##_LABEL, OUTPUT)
#define PIN_HIGH(name) digitalWrite(name##_LABEL, HIGH)
#define PIN_LOW(name) digitalWrite(name##_LABEL, LOW)
#define SYNC_IN_IS_HIGH() (digitalRead(SYNC_IN_LABEL) == HIGH)
#else
#define PIN_BEGIN_OUTPUT(name) name##_DDR |= _BV(name##_BIT)
#define PIN_HIGH(name) name##_PORT |= _BV(name##_BIT)
#define PIN_LOW(name) name##_PORT &= static_cast<uint8_t>(~_BV(name##_BIT))
#define SYNC_IN_IS_HIGH() ((SYNC_IN_PIN & _BV(SYNC_IN_BIT)) != 0)
#endif

#endif
