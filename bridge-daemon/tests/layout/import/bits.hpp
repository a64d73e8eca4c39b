// Bit-fields, and containers of iceoryx 2.0 that are and are not what a layout knows.
// import: Flags
// import: Small
// import: Crossing
// import: Derived
// import: Signs
// import: Nested
// import: Other
#pragma once
#include <cstdint>

enum class Side : std::uint8_t { Buy = 1, Sell = 2, Neither = 9 };
enum Color { Red, Green, Blue };
struct Flags { std::uint32_t a : 3; std::uint32_t : 4; std::uint32_t b : 20; std::uint32_t c : 10; bool d : 1; Side wide : 4; Side narrow : 2; Color color : 2; };
struct __attribute__((packed)) Small { unsigned a : 3; unsigned b : 5; };
struct __attribute__((packed)) Crossing { std::uint16_t a : 12; std::uint16_t b : 12; Side side : 8; std::uint64_t wide : 60; };
struct Base { std::uint16_t low : 4; };
struct Derived : Base { std::uint16_t low : 6; unsigned char next; };
struct Signs { int number : 7; char letter : 5; signed char sign : 3; long big : 64; unsigned long part : 33; };
struct Nested { std::uint8_t before; struct { std::uint32_t x : 24; std::uint32_t y : 8; }; Flags flags[2]; };
namespace iox { namespace cxx { template <typename T, std::uint64_t N> struct vector { std::uint64_t m_size; T m_data[N]; }; } }
struct Other { iox::cxx::vector<int, 4> numbers; };
