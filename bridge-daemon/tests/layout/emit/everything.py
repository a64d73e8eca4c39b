# md::Everything, as written by `iox-bridge layout emit`.
# The asserts fail where a struct would not lie in memory as the layout says.

import ctypes
import enum


class Kind(enum.IntEnum):
    # md::Kind: 1 byte, one of these values.
    Buy = 0
    Sell = 1
    class_ = -1  # class
    a_b = 2  # a b
    a_b_2 = 3  # a-b
    self = 4
    NAMES = 5
    f_x_ = 6  # _x_


class Flags(enum.IntEnum):
    # 8 bytes, one of these values or another.
    None_ = 0  # None
    small = 1
    Large = 9223372036854775807


class Level(enum.IntEnum):
    # 2 bytes, one of these values or another.
    Low = -1
    High = 1


class Packed(ctypes.Structure):
    # md::Packed: 12 bytes, aligned to 1.
    _layout_ = "ms"
    _pack_ = 1
    _fields_ = [
        ("a", ctypes.c_uint8),
        ("b", ctypes.c_uint64),
        ("bytes", ctypes.c_uint8 * 3),
    ]


assert ctypes.sizeof(Packed) == 12
assert Packed.a.offset == 0
assert Packed.b.offset == 1
assert Packed.bytes.offset == 9


class Pack4(ctypes.Structure):
    # md::Pack4: 12 bytes, aligned to 4.
    _layout_ = "ms"
    _pack_ = 4
    _fields_ = [
        ("a", ctypes.c_uint8),
        ("b", ctypes.c_uint64),
    ]


assert ctypes.sizeof(Pack4) == 12
assert Pack4.a.offset == 0
assert Pack4.b.offset == 4


class Line(ctypes.Structure):
    # other::Line: 128 bytes, aligned to 64.
    _fields_ = [
        ("first", ctypes.c_uint32),
        ("_padding0", ctypes.c_uint8 * 28),
        ("second", ctypes.c_bool),
        ("_padding1", ctypes.c_uint8 * 95),
    ]


assert ctypes.sizeof(Line) == 128
assert Line.first.offset == 0
assert Line.second.offset == 32


class Tick_double_3(ctypes.Structure):
    # md::Side::Tick<double,3>: 24 bytes, aligned to 8.
    _fields_ = [
        ("price", ctypes.c_double),
        ("symbol", ctypes.c_char * 16),
    ]


assert ctypes.sizeof(Tick_double_3) == 24
assert Tick_double_3.price.offset == 0
assert Tick_double_3.symbol.offset == 8


class Everything(ctypes.Structure):
    # md::Everything: 704 bytes, aligned to 64.
    _fields_ = [
        ("class_", ctypes.c_uint8),  # class
        ("type", ctypes.c_int8),
        ("self", ctypes.c_uint16),
        ("def_", ctypes.c_int16),  # def
        ("f_", ctypes.c_uint32),  # _
        ("f__linux__", ctypes.c_int32),  # __linux__
        ("linux", ctypes.c_uint64),
        ("gr__e", ctypes.c_int64),  # größe
        ("a_b", ctypes.c_float),  # a b
        ("a_b_2", ctypes.c_double),  # a-b
        ("_0", ctypes.c_bool),  # 0
        ("Packed", Packed),
        ("std", Pack4 * 2),
        ("_padding0", ctypes.c_uint8 * 40),
        ("line", Line),
        ("ticks", (Tick_double_3 * 3) * 2),
        ("texts", (ctypes.c_char * 8) * 3),
        ("blobs", (ctypes.c_uint8 * 5) * 2),
        ("many", ctypes.c_int32 * 40),
        ("matrix", (ctypes.c_float * 4) * 3),
        ("kinds", (ctypes.c_int8 * 2) * 2),  # Kind
        ("flags", ctypes.c_uint64),  # Flags
        ("level", ctypes.c_int16),  # Level
        ("ends__", ctypes.c_uint8),  # ends /
        ("_padding1", ctypes.c_uint8 * 45),
    ]


assert ctypes.sizeof(Everything) == 704
assert Everything.class_.offset == 0
assert Everything.type.offset == 1
assert Everything.self.offset == 2
assert Everything.def_.offset == 4
assert Everything.f_.offset == 8
assert Everything.f__linux__.offset == 12
assert Everything.linux.offset == 16
assert Everything.gr__e.offset == 24
assert Everything.a_b.offset == 32
assert Everything.a_b_2.offset == 40
assert Everything._0.offset == 48
assert Everything.Packed.offset == 49
assert Everything.std.offset == 64
assert Everything.line.offset == 128
assert Everything.ticks.offset == 256
assert Everything.texts.offset == 400
assert Everything.blobs.offset == 424
assert Everything.many.offset == 436
assert Everything.matrix.offset == 596
assert Everything.kinds.offset == 644
assert Everything.flags.offset == 648
assert Everything.level.offset == 656
assert Everything.ends__.offset == 658
