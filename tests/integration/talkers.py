"""Devices that talk by themselves and are no BMS of ours: what they say, and how often."""


def nmea(body):
    total = 0
    for character in body:
        total ^= ord(character)
    return f"${body}*{total:02X}\r\n".encode()


def modbus(frame):
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return bytes(frame) + crc.to_bytes(2, "little")


def ubx(group, number, payload):
    body = bytes([group, number]) + len(payload).to_bytes(2, "little") + payload
    first = second = 0
    for byte in body:
        first = (first + byte) % 256
        second = (second + first) % 256
    return b"\xb5\x62" + body + bytes([first, second])


def ve_bus(body):
    frame = bytes([len(body) + 1, 0xFF]) + body
    return frame + bytes([-sum(frame) % 256])


def telecom(body):
    return b"~" + body + b"%04X\r" % (-sum(body) % 65536)


TALKERS = {
    "nmea_gps": (nmea("GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,"), 1.0),
    "nmea_wind": (nmea("WIMWV,214.8,R,0.1,K,A"), 0.25),
    "ais": (b"!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n", 1.0),
    "vedirect_text": (b"\r\nPID\t0xA053\r\nFW\t159\r\nSER#\tHQ2132QABCD\r\nV\t13790\r\nI\t-10\r\nChecksum\t\x3f", 1.0),
    "vedirect_hex": (b":A0102000543\n", 0.3),
    "modbus_master": (modbus([1, 3, 0, 0, 0, 10]), 0.5),
    "modbus_meter_poll": (modbus([0x1E, 4, 0, 0x34, 0, 2]), 1.0),
    "mk3": (ve_bus(b"V\x24\xdb\x11\x00\x42"), 1.0),
    "ublox": (ubx(1, 7, bytes(92)), 1.0),
    "sml_meter": (bytes.fromhex("1B1B1B1B01010101" + "7605") + bytes(range(60)) + bytes.fromhex("1B1B1B1B1A00"), 1.0),
    "d0_meter": (b"/ISk5MT174-0001\r\n\r\n0-0:C.1.0*255(12345678)\r\n!\r\n", 1.0),
    "pylontech_master": (telecom(b"20024642E00202"), 1.0),
    "unknown_text": (b"temperature 21.5 humidity 40\n", 1.0),
    "unknown_binary": (bytes(range(200, 240)), 0.7),
}
