// SPDX-License-Identifier: GPL-3.0-or-later
// The wire between board and host. Printed by `python -m rig.wire.c_header` from
// rig/wire/packets.py: do not edit, print again.
#ifndef WIRE_LAYOUT_H
#define WIRE_LAYOUT_H

#define WIRE_PROTOCOL_VERSION 2
#define WIRE_LAYOUT_CHECKSUM 0xFD72
#define WIRE_DELIMITER 0x00
#define WIRE_CRC_INITIAL 0xFFFF
#define WIRE_CRC_BYTES 2
#define WIRE_NOTE_MAX_BYTES 64
#define WIRE_SYNC_PULSE_MS 50
#define WIRE_FLAGS_CONFIGURATION_MASK 0x0F
#define WIRE_FLAGS_SYNC_IN 0x10
#define WIRE_FLAGS_SYNC_OUT 0x20

// who the board is and what its next SCAN packets mean; sent at boot, when asked, and before the first SCAN that a changed setting governs
#define WIRE_PACKET_HELLO 0x01
#define WIRE_HELLO_AT_TYPE 0  // u8
#define WIRE_HELLO_AT_PROTOCOL_VERSION 1  // u8
#define WIRE_HELLO_AT_LAYOUT_CHECKSUM 2  // u16
#define WIRE_HELLO_AT_FIRMWARE_MAJOR 4  // u8
#define WIRE_HELLO_AT_FIRMWARE_MINOR 5  // u8
#define WIRE_HELLO_AT_FIRMWARE_PATCH 6  // u8
#define WIRE_HELLO_AT_BOARD 7  // u8
#define WIRE_HELLO_AT_UNIQUE_ID 8  // u32
#define WIRE_HELLO_AT_RIG_KIND 12  // u8
#define WIRE_HELLO_AT_LAYOUT_ID 13  // u8
#define WIRE_HELLO_AT_TOPOLOGY 14  // u8
#define WIRE_HELLO_AT_PULL_DOWN_OHM 15  // u16
#define WIRE_HELLO_AT_SENSEL_COUNT 17  // u16
#define WIRE_HELLO_AT_BIT_DEPTH 19  // u8
#define WIRE_HELLO_AT_ADC_FULL_SCALE 20  // u16
#define WIRE_HELLO_AT_SCAN_RATE_HZ 22  // u16
#define WIRE_HELLO_AT_MAX_SCAN_RATE_HZ 24  // u16
#define WIRE_HELLO_AT_BAUD 26  // u32
#define WIRE_HELLO_AT_CONFIGURATION 30  // u8
#define WIRE_HELLO_AT_REASON 31  // u8
#define WIRE_HELLO_AT_RESET_CAUSE 32  // u8
#define WIRE_HELLO_AT_TIME_US 33  // u32
#define WIRE_HELLO_AT_FIRST_ROW 37  // u8
#define WIRE_HELLO_AT_ROW_COUNT 38  // u8
#define WIRE_HELLO_AT_FIRST_COLUMN 39  // u8
#define WIRE_HELLO_AT_COLUMN_COUNT 40  // u8
#define WIRE_HELLO_AT_REFERENCE_PERMILLE 41  // u16
#define WIRE_HELLO_BYTES 43  // bytes

// one scan of the region; samples packed least significant bit first at bit_depth
#define WIRE_PACKET_SCAN 0x02
#define WIRE_SCAN_AT_TYPE 0  // u8
#define WIRE_SCAN_AT_SEQUENCE 1  // u16
#define WIRE_SCAN_AT_TIME_US 3  // u32
#define WIRE_SCAN_AT_FLAGS 7  // u8
#define WIRE_SCAN_BYTES 8  // fixed bytes, before its tail

// once a second, scanning or not
#define WIRE_PACKET_STATUS 0x03
#define WIRE_STATUS_AT_TYPE 0  // u8
#define WIRE_STATUS_AT_TIME_US 1  // u32
#define WIRE_STATUS_AT_FRAMES_SENT 5  // u32
#define WIRE_STATUS_AT_FRAMES_DROPPED 9  // u32
#define WIRE_STATUS_AT_SCAN_OVERRUNS 13  // u32
#define WIRE_STATUS_AT_SUPPLY_MV 17  // u16
#define WIRE_STATUS_AT_SELF_TEST 19  // u16
#define WIRE_STATUS_BYTES 21  // bytes

// the answer to exactly one command; data only for READ_NOTE and SELF_TEST
#define WIRE_PACKET_REPLY 0x04
#define WIRE_REPLY_AT_TYPE 0  // u8
#define WIRE_REPLY_AT_COMMAND 1  // u8
#define WIRE_REPLY_AT_TOKEN 2  // u8
#define WIRE_REPLY_AT_RESULT 3  // u8
#define WIRE_REPLY_AT_VALUE 4  // u32
#define WIRE_REPLY_BYTES 8  // fixed bytes, before its tail

// answered by HELLO, then REPLY
#define WIRE_COMMAND_HELLO 0x81
#define WIRE_COMMAND_HELLO_AT_TYPE 0  // u8
#define WIRE_COMMAND_HELLO_AT_TOKEN 1  // u8
#define WIRE_COMMAND_HELLO_BYTES 2  // bytes

// start scanning; a HELLO comes before the first SCAN
#define WIRE_COMMAND_START 0x82
#define WIRE_COMMAND_START_AT_TYPE 0  // u8
#define WIRE_COMMAND_START_AT_TOKEN 1  // u8
#define WIRE_COMMAND_START_BYTES 2  // bytes

// stop scanning and disable the muxes
#define WIRE_COMMAND_STOP 0x83
#define WIRE_COMMAND_STOP_AT_TYPE 0  // u8
#define WIRE_COMMAND_STOP_AT_TOKEN 1  // u8
#define WIRE_COMMAND_STOP_BYTES 2  // bytes

// refused with RATE_TOO_HIGH or RATE_TOO_LOW and the limit
#define WIRE_COMMAND_SET_RATE 0x84
#define WIRE_COMMAND_SET_RATE_AT_TYPE 0  // u8
#define WIRE_COMMAND_SET_RATE_AT_TOKEN 1  // u8
#define WIRE_COMMAND_SET_RATE_AT_SCAN_RATE_HZ 2  // u16
#define WIRE_COMMAND_SET_RATE_BYTES 4  // bytes

// REPLY at the old baud, 20 ms of silence, HELLO at the new one; without a valid command at the new baud within 2 s the board goes back; refused with BAUD_NOT_SUPPORTED, with RATE_TOO_HIGH and the limit there, or with STOP_FIRST while scanning
#define WIRE_COMMAND_SET_BAUD 0x85
#define WIRE_COMMAND_SET_BAUD_AT_TYPE 0  // u8
#define WIRE_COMMAND_SET_BAUD_AT_TOKEN 1  // u8
#define WIRE_COMMAND_SET_BAUD_AT_BAUD 2  // u32
#define WIRE_COMMAND_SET_BAUD_BYTES 6  // bytes

// value = findings, data = two bits a sensel (SenselState); refused with STOP_FIRST while scanning
#define WIRE_COMMAND_SELF_TEST 0x86
#define WIRE_COMMAND_SELF_TEST_AT_TYPE 0  // u8
#define WIRE_COMMAND_SELF_TEST_AT_TOKEN 1  // u8
#define WIRE_COMMAND_SELF_TEST_BYTES 2  // bytes

// blink the board's LED
#define WIRE_COMMAND_IDENTIFY 0x87
#define WIRE_COMMAND_IDENTIFY_AT_TYPE 0  // u8
#define WIRE_COMMAND_IDENTIFY_AT_TOKEN 1  // u8
#define WIRE_COMMAND_IDENTIFY_AT_SECONDS 2  // u8
#define WIRE_COMMAND_IDENTIFY_BYTES 3  // bytes

// to EEPROM; refused with STOP_FIRST while scanning
#define WIRE_COMMAND_SET_ID 0x88
#define WIRE_COMMAND_SET_ID_AT_TYPE 0  // u8
#define WIRE_COMMAND_SET_ID_AT_TOKEN 1  // u8
#define WIRE_COMMAND_SET_ID_AT_UNIQUE_ID 2  // u32
#define WIRE_COMMAND_SET_ID_BYTES 6  // bytes

// up to 64 bytes with their own CRC to EEPROM; STOP_FIRST while scanning
#define WIRE_COMMAND_STORE_NOTE 0x89
#define WIRE_COMMAND_STORE_NOTE_AT_TYPE 0  // u8
#define WIRE_COMMAND_STORE_NOTE_AT_TOKEN 1  // u8
#define WIRE_COMMAND_STORE_NOTE_BYTES 2  // fixed bytes, before its tail

// data = the note; refused with NOTE_MISSING or NOTE_DAMAGED
#define WIRE_COMMAND_READ_NOTE 0x8A
#define WIRE_COMMAND_READ_NOTE_AT_TYPE 0  // u8
#define WIRE_COMMAND_READ_NOTE_AT_TOKEN 1  // u8
#define WIRE_COMMAND_READ_NOTE_BYTES 2  // bytes

// 50 ms on the sync output
#define WIRE_COMMAND_SYNC_PULSE 0x8B
#define WIRE_COMMAND_SYNC_PULSE_AT_TYPE 0  // u8
#define WIRE_COMMAND_SYNC_PULSE_AT_TOKEN 1  // u8
#define WIRE_COMMAND_SYNC_PULSE_BYTES 2  // bytes

// refused with BIT_DEPTH_NOT_SUPPORTED, with RATE_TOO_HIGH and the limit there, or with STOP_FIRST while scanning
#define WIRE_COMMAND_SET_BIT_DEPTH 0x8C
#define WIRE_COMMAND_SET_BIT_DEPTH_AT_TYPE 0  // u8
#define WIRE_COMMAND_SET_BIT_DEPTH_AT_TOKEN 1  // u8
#define WIRE_COMMAND_SET_BIT_DEPTH_AT_BIT_DEPTH 2  // u8
#define WIRE_COMMAND_SET_BIT_DEPTH_BYTES 3  // bytes

// scan only these; refused with REGION_NOT_SUPPORTED, with RATE_TOO_HIGH and the limit there, or with STOP_FIRST while scanning
#define WIRE_COMMAND_SET_REGION 0x8D
#define WIRE_COMMAND_SET_REGION_AT_TYPE 0  // u8
#define WIRE_COMMAND_SET_REGION_AT_TOKEN 1  // u8
#define WIRE_COMMAND_SET_REGION_AT_FIRST_ROW 2  // u8
#define WIRE_COMMAND_SET_REGION_AT_ROW_COUNT 3  // u8
#define WIRE_COMMAND_SET_REGION_AT_FIRST_COLUMN 4  // u8
#define WIRE_COMMAND_SET_REGION_AT_COLUMN_COUNT 5  // u8
#define WIRE_COMMAND_SET_REGION_BYTES 6  // bytes

// Board
#define WIRE_BOARD_UNKNOWN 0
#define WIRE_BOARD_UNO_OR_NANO 1
#define WIRE_BOARD_MEGA_2560 2
#define WIRE_BOARD_LEONARDO_OR_MICRO 3
#define WIRE_BOARD_OTHER_ARDUINO 4

// RigKind
#define WIRE_RIG_INSOLES 1
#define WIRE_RIG_MAT 2

// LayoutId
#define WIRE_LAYOUT_INSOLES_16 1
#define WIRE_LAYOUT_MAT_16X16 2
#define WIRE_LAYOUT_MAT_32X32 3

// Topology
#define WIRE_TOPOLOGY_DIVIDER 1
#define WIRE_TOPOLOGY_MATRIX_GROUNDED_ROWS 2
#define WIRE_TOPOLOGY_MATRIX_VIRTUAL_GROUND 3
#define WIRE_TOPOLOGY_MATRIX_FLOATING_ROWS 4

// HelloReason
#define WIRE_HELLO_REASON_BOOT 0
#define WIRE_HELLO_REASON_ASKED 1
#define WIRE_HELLO_REASON_SETTINGS_CHANGED 2
#define WIRE_HELLO_REASON_STARTED 3

// ResetCause
#define WIRE_RESET_POWER_ON 0x0001
#define WIRE_RESET_EXTERNAL 0x0002
#define WIRE_RESET_BROWN_OUT 0x0004
#define WIRE_RESET_WATCHDOG 0x0008

// Result
#define WIRE_RESULT_DONE 0
#define WIRE_RESULT_UNKNOWN_COMMAND 1
#define WIRE_RESULT_DAMAGED 2
#define WIRE_RESULT_BAD_LENGTH 3
#define WIRE_RESULT_RATE_TOO_HIGH 4
#define WIRE_RESULT_RATE_TOO_LOW 5
#define WIRE_RESULT_BAUD_NOT_SUPPORTED 6
#define WIRE_RESULT_NOTE_TOO_LONG 7
#define WIRE_RESULT_NOTE_MISSING 8
#define WIRE_RESULT_NOTE_DAMAGED 9
#define WIRE_RESULT_STOP_FIRST 10
#define WIRE_RESULT_BIT_DEPTH_NOT_SUPPORTED 11
#define WIRE_RESULT_REGION_NOT_SUPPORTED 12

// SelfTest
#define WIRE_SELF_TEST_NOT_RUN 0x0001
#define WIRE_SELF_TEST_SUPPLY_LOW 0x0002
#define WIRE_SELF_TEST_SUPPLY_HIGH 0x0004
#define WIRE_SELF_TEST_MUX_STUCK 0x0008
#define WIRE_SELF_TEST_EEPROM_DAMAGED 0x0010
#define WIRE_SELF_TEST_ID_MISSING 0x0020
#define WIRE_SELF_TEST_RAM_DAMAGED 0x0040
#define WIRE_SELF_TEST_WATCHDOG_RESTARTED 0x0080
#define WIRE_SELF_TEST_SENSEL_SILENT 0x0100
#define WIRE_SELF_TEST_SENSEL_SHORTED 0x0200
#define WIRE_SELF_TEST_GROUND_UNTESTED 0x0400
#define WIRE_SELF_TEST_COLUMN_FAULT 0x0800

// SenselState
#define WIRE_SENSEL_SILENT 0
#define WIRE_SENSEL_ANSWERED 1
#define WIRE_SENSEL_SHORTED 2
#define WIRE_SENSEL_GROUNDED 3

#endif
