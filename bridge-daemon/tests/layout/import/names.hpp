// Names that are whole, shortened, ambiguous, or wrong.
// import: a::Tick
// import: ::a::Tick
// import: b::Tick
// import: Tick
// import: inner::Tick
// import: Quote
// import: ::Quote
// import: Qoute
// import: Entirely
// import: Pair<int, a::Tick>
// import: b::Pair< int ,a::Tick >
// import: Pair<int, Missing>
#pragma once

namespace a {
struct Tick { int a; };
} // namespace a

namespace b {
struct Tick { int b; };
namespace inner {
struct Tick { int inner; };
struct Quote { double bid, ask; };
} // namespace inner
template <typename A, typename B> struct Pair { A first; B second; };
inline Pair<int, a::Tick> used;
} // namespace b
