// md::Parts, as written by `iox-bridge layout emit`.
// The asserts fail where a struct would not lie in memory as the layout says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <iceoryx_hoofs/cxx/optional.hpp>
#include <iceoryx_hoofs/cxx/string.hpp>
#include <iceoryx_hoofs/cxx/vector.hpp>

namespace md {

// 1 byte, one of these values.
enum class Side : std::uint8_t {
    Buy = 1,
    Sell = 2,
};

// 2 bytes, one of these values or another.
enum class Level : std::int16_t {
    Low = -1,
    High = 1,
};

// 24 bytes, aligned to 8.
struct Status {
    std::uint32_t mode : 3;
    std::uint8_t : 2;
    std::uint32_t type : 9;
    std::uint8_t : 2;
    std::uint8_t : 4;
    std::int32_t offset : 7;
    std::uint8_t : 5;
    std::uint8_t : 1;
    Side side : 2;
    std::uint8_t : 5;
    std::uint8_t : 7;
    bool ready : 1;
    std::uint8_t : 3;
    Level level : 5;
    std::uint8_t _padding0[3];
    std::uint8_t : 4;
    std::uint64_t wide : 40;
    std::uint8_t a;
    std::uint32_t behind : 24;
};
static_assert(sizeof(Status) == 24);
static_assert(alignof(Status) == 8);
static_assert(offsetof(Status, a) == 16);
static_assert(std::is_trivially_copyable_v<Status> && std::is_standard_layout_v<Status>);

// 11 bytes, aligned to 1.
#pragma pack(push, 1)
struct alignas(1) Tight {
    std::uint8_t a;
    std::uint16_t low : 5;
    std::uint16_t high : 6;
    std::uint32_t b;
    char name[4]; // text, filled up with 0x20
};
#pragma pack(pop)
static_assert(sizeof(Tight) == 11);
static_assert(alignof(Tight) == 1);
static_assert(offsetof(Tight, a) == 0);
static_assert(offsetof(Tight, b) == 3);
static_assert(offsetof(Tight, name) == 7);
static_assert(std::is_trivially_copyable_v<Tight> && std::is_standard_layout_v<Tight>);

// 16 bytes, aligned to 8.
struct Point {
    double x;
    std::uint16_t id;
};
static_assert(sizeof(Point) == 16);
static_assert(alignof(Point) == 8);
static_assert(offsetof(Point, x) == 0);
static_assert(offsetof(Point, id) == 8);
static_assert(std::is_trivially_copyable_v<Point> && std::is_standard_layout_v<Point>);

// `iceoryx2::StaticString<5>` in parts. 16 bytes, aligned to 8.
struct Parts_text {
    char data[6];
    std::uint64_t len;
};
static_assert(sizeof(Parts_text) == 16);
static_assert(alignof(Parts_text) == 8);
static_assert(offsetof(Parts_text, data) == 0);
static_assert(offsetof(Parts_text, len) == 8);
static_assert(std::is_trivially_copyable_v<Parts_text> && std::is_standard_layout_v<Parts_text>);

// `iceoryx2::StaticVec<u16, 40>` in parts. 88 bytes, aligned to 8.
struct Parts_numbers {
    std::uint16_t data[40];
    std::uint64_t len;
};
static_assert(sizeof(Parts_numbers) == 88);
static_assert(alignof(Parts_numbers) == 8);
static_assert(offsetof(Parts_numbers, data) == 0);
static_assert(offsetof(Parts_numbers, len) == 80);
static_assert(std::is_trivially_copyable_v<Parts_numbers> && std::is_standard_layout_v<Parts_numbers>);

// `iceoryx2::RelocatableOption<md::Point>` in parts. 24 bytes, aligned to 8.
struct Parts_option {
    std::uint8_t has_value;
    Point value;
};
static_assert(sizeof(Parts_option) == 24);
static_assert(alignof(Parts_option) == 8);
static_assert(offsetof(Parts_option, has_value) == 0);
static_assert(offsetof(Parts_option, value) == 8);
static_assert(std::is_trivially_copyable_v<Parts_option> && std::is_standard_layout_v<Parts_option>);

// 464 bytes, aligned to 8.
struct Parts {
    Status status;
    Tight tight[2];
    char code[4]; // text of exactly this length
    char label[8]; // text that always ends with a NUL
    std::int16_t samples[6]; // `n` says how many count
    std::uint8_t n;
    std::uint8_t blob[40]; // one `md::Point` after the other; `used` says how many bytes count; `check` says what the bytes that count add up to
    std::uint32_t used;
    std::uint16_t check;
    ::iox::cxx::string<8> name;
    ::iox::cxx::vector<Point, 3> points;
    ::iox::cxx::optional<Side> maybe;
    ::iox::cxx::vector<::iox::cxx::string<3>, 2> names;
    Parts_text text;
    Parts_numbers numbers[2];
    Parts_option option;
};
static_assert(sizeof(Parts) == 464);
static_assert(alignof(Parts) == 8);
static_assert(offsetof(Parts, status) == 0);
static_assert(offsetof(Parts, tight) == 24);
static_assert(offsetof(Parts, code) == 46);
static_assert(offsetof(Parts, label) == 50);
static_assert(offsetof(Parts, samples) == 58);
static_assert(offsetof(Parts, n) == 70);
static_assert(offsetof(Parts, blob) == 71);
static_assert(offsetof(Parts, used) == 112);
static_assert(offsetof(Parts, check) == 116);
static_assert(offsetof(Parts, name) == 120);
static_assert(offsetof(Parts, points) == 144);
static_assert(offsetof(Parts, maybe) == 200);
static_assert(offsetof(Parts, names) == 208);
static_assert(offsetof(Parts, text) == 248);
static_assert(offsetof(Parts, numbers) == 264);
static_assert(offsetof(Parts, option) == 440);
static_assert(std::is_standard_layout_v<Parts>);

} // namespace md
