# md::Parts, as written by `iox-bridge layout emit`.
# The asserts fail where a struct would not lie in memory as the layout says.

import ctypes
import enum


# ctypes has bit-fields, but which bits they are is not the same in all of its releases.
def _get_bits(data, shift, width, signed):
    value = int.from_bytes(bytes(data), "little") >> shift & (1 << width) - 1
    return value - (1 << width) if signed and value >> width - 1 else value


def _set_bits(data, shift, width, signed, value):
    low = -(1 << width - 1) if signed else 0
    if not low <= value < low + (1 << width):
        raise ValueError(f"{value} does not fit into {width} bits")
    mask = (1 << width) - 1
    whole = int.from_bytes(bytes(data), "little") & ~(mask << shift)
    data[:] = (whole | (value & mask) << shift).to_bytes(len(data), "little")


class Side(enum.IntEnum):
    # md::Side: 1 byte, one of these values.
    Buy = 1
    Sell = 2


class Level(enum.IntEnum):
    # md::Level: 2 bytes, one of these values or another.
    Low = -1
    High = 1


class Status(ctypes.Structure):
    # md::Status: 24 bytes, aligned to 8.
    _fields_ = [
        ("_bits0", ctypes.c_uint8 * 2),
        ("_bits1", ctypes.c_uint8 * 2),
        ("_bits2", ctypes.c_uint8 * 1),
        ("_bits3", ctypes.c_uint8 * 1),
        ("_bits4", ctypes.c_uint8 * 1),
        ("_padding0", ctypes.c_uint8 * 3),
        ("_bits5", ctypes.c_uint8 * 6),
        ("a", ctypes.c_uint8),
        ("_bits6", ctypes.c_uint8 * 3),
        ("_padding1", ctypes.c_uint8 * 4),
    ]

    @property
    def mode(self):
        return _get_bits(self._bits0, 0, 3, False)

    @mode.setter
    def mode(self, value):
        _set_bits(self._bits0, 0, 3, False, value)

    @property
    def type(self):
        return _get_bits(self._bits0, 5, 9, False)

    @type.setter
    def type(self, value):
        _set_bits(self._bits0, 5, 9, False, value)

    @property
    def offset(self):
        return _get_bits(self._bits1, 4, 7, True)

    @offset.setter
    def offset(self, value):
        _set_bits(self._bits1, 4, 7, True, value)

    @property
    def side(self):  # Side
        return _get_bits(self._bits2, 1, 2, False)

    @side.setter
    def side(self, value):
        _set_bits(self._bits2, 1, 2, False, value)

    @property
    def ready(self):
        return bool(_get_bits(self._bits3, 7, 1, False))

    @ready.setter
    def ready(self, value):
        _set_bits(self._bits3, 7, 1, False, value)

    @property
    def level(self):  # Level
        return _get_bits(self._bits4, 3, 5, True)

    @level.setter
    def level(self, value):
        _set_bits(self._bits4, 3, 5, True, value)

    @property
    def wide(self):
        return _get_bits(self._bits5, 4, 40, False)

    @wide.setter
    def wide(self, value):
        _set_bits(self._bits5, 4, 40, False, value)

    @property
    def behind(self):
        return _get_bits(self._bits6, 0, 24, False)

    @behind.setter
    def behind(self, value):
        _set_bits(self._bits6, 0, 24, False, value)


assert ctypes.sizeof(Status) == 24
assert Status._bits0.offset == 0
assert Status._bits1.offset == 2
assert Status._bits2.offset == 4
assert Status._bits3.offset == 5
assert Status._bits4.offset == 6
assert Status._bits5.offset == 10
assert Status.a.offset == 16
assert Status._bits6.offset == 17


class Tight(ctypes.Structure):
    # md::Tight: 11 bytes, aligned to 1.
    _layout_ = "ms"
    _pack_ = 1
    _fields_ = [
        ("a", ctypes.c_uint8),
        ("_bits0", ctypes.c_uint8 * 2),
        ("b", ctypes.c_uint32),
        ("name", ctypes.c_char * 4),  # text, filled up with 0x20
    ]

    @property
    def low(self):
        return _get_bits(self._bits0, 0, 5, False)

    @low.setter
    def low(self, value):
        _set_bits(self._bits0, 0, 5, False, value)

    @property
    def high(self):
        return _get_bits(self._bits0, 5, 6, False)

    @high.setter
    def high(self, value):
        _set_bits(self._bits0, 5, 6, False, value)


assert ctypes.sizeof(Tight) == 11
assert Tight.a.offset == 0
assert Tight._bits0.offset == 1
assert Tight.b.offset == 3
assert Tight.name.offset == 7


class Point(ctypes.Structure):
    # md::Point: 16 bytes, aligned to 8.
    _fields_ = [
        ("x", ctypes.c_double),
        ("id", ctypes.c_uint16),
    ]


assert ctypes.sizeof(Point) == 16
assert Point.x.offset == 0
assert Point.id.offset == 8


class Parts_name(ctypes.Structure):
    # md::Parts_name: `iox::cxx::string<8>` in parts. 24 bytes, aligned to 8.
    _fields_ = [
        ("data", ctypes.c_char * 9),
        ("len", ctypes.c_uint64),
    ]


assert ctypes.sizeof(Parts_name) == 24
assert Parts_name.data.offset == 0
assert Parts_name.len.offset == 16


class Parts_points(ctypes.Structure):
    # md::Parts_points: `iox::cxx::vector<md::Point, 3>` in parts. 56 bytes, aligned to 8.
    _fields_ = [
        ("data", Point * 3),
        ("len", ctypes.c_uint64),
    ]


assert ctypes.sizeof(Parts_points) == 56
assert Parts_points.data.offset == 0
assert Parts_points.len.offset == 48


class Parts_maybe(ctypes.Structure):
    # md::Parts_maybe: `iox::cxx::optional<md::Side>` in parts. 2 bytes, aligned to 1.
    _fields_ = [
        ("value", ctypes.c_uint8),  # Side
        ("has_value", ctypes.c_uint8),
    ]


assert ctypes.sizeof(Parts_maybe) == 2
assert Parts_maybe.value.offset == 0
assert Parts_maybe.has_value.offset == 1


class Parts_names_element(ctypes.Structure):
    # md::Parts_names_element: `iox::cxx::string<3>` in parts. 16 bytes, aligned to 8.
    _fields_ = [
        ("data", ctypes.c_char * 4),
        ("len", ctypes.c_uint64),
    ]


assert ctypes.sizeof(Parts_names_element) == 16
assert Parts_names_element.data.offset == 0
assert Parts_names_element.len.offset == 8


class Parts_names(ctypes.Structure):
    # md::Parts_names: `iox::cxx::vector<iox::cxx::string<3>, 2>` in parts. 40 bytes, aligned to 8.
    _fields_ = [
        ("data", Parts_names_element * 2),
        ("len", ctypes.c_uint64),
    ]


assert ctypes.sizeof(Parts_names) == 40
assert Parts_names.data.offset == 0
assert Parts_names.len.offset == 32


class Parts_text(ctypes.Structure):
    # md::Parts_text: `iceoryx2::StaticString<5>` in parts. 16 bytes, aligned to 8.
    _fields_ = [
        ("data", ctypes.c_char * 6),
        ("len", ctypes.c_uint64),
    ]


assert ctypes.sizeof(Parts_text) == 16
assert Parts_text.data.offset == 0
assert Parts_text.len.offset == 8


class Parts_numbers(ctypes.Structure):
    # md::Parts_numbers: `iceoryx2::StaticVec<u16, 40>` in parts. 88 bytes, aligned to 8.
    _fields_ = [
        ("data", ctypes.c_uint16 * 40),
        ("len", ctypes.c_uint64),
    ]


assert ctypes.sizeof(Parts_numbers) == 88
assert Parts_numbers.data.offset == 0
assert Parts_numbers.len.offset == 80


class Parts_option(ctypes.Structure):
    # md::Parts_option: `iceoryx2::RelocatableOption<md::Point>` in parts. 24 bytes, aligned to 8.
    _fields_ = [
        ("has_value", ctypes.c_uint8),
        ("value", Point),
    ]


assert ctypes.sizeof(Parts_option) == 24
assert Parts_option.has_value.offset == 0
assert Parts_option.value.offset == 8


class Parts(ctypes.Structure):
    # md::Parts: 464 bytes, aligned to 8.
    _fields_ = [
        ("status", Status),
        ("tight", Tight * 2),
        ("code", ctypes.c_char * 4),  # text of exactly this length
        ("label", ctypes.c_char * 8),  # text that always ends with a NUL
        ("samples", ctypes.c_int16 * 6),  # `n` says how many count
        ("n", ctypes.c_uint8),
        ("blob", ctypes.c_uint8 * 40),  # one `md::Point` after the other, `used` says how many bytes count, `check` says what the bytes that count add up to
        ("used", ctypes.c_uint32),
        ("check", ctypes.c_uint16),
        ("name", Parts_name),
        ("points", Parts_points),
        ("maybe", Parts_maybe),
        ("names", Parts_names),
        ("text", Parts_text),
        ("numbers", Parts_numbers * 2),
        ("option", Parts_option),
    ]


assert ctypes.sizeof(Parts) == 464
assert Parts.status.offset == 0
assert Parts.tight.offset == 24
assert Parts.code.offset == 46
assert Parts.label.offset == 50
assert Parts.samples.offset == 58
assert Parts.n.offset == 70
assert Parts.blob.offset == 71
assert Parts.used.offset == 112
assert Parts.check.offset == 116
assert Parts.name.offset == 120
assert Parts.points.offset == 144
assert Parts.maybe.offset == 200
assert Parts.names.offset == 208
assert Parts.text.offset == 248
assert Parts.numbers.offset == 264
assert Parts.option.offset == 440
