// Types of the standard library that are as good as what they hold.
// import: Library
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <utility>

struct Tick {
    double price;
};

struct Library {
    std::array<std::array<float, 2>, 3> grid;
    std::array<char, 12> text;
    std::array<Tick, 2> ticks;
    std::chrono::nanoseconds duration;
    std::chrono::system_clock::time_point time;
    std::atomic<int> counter;
    std::atomic<bool> ready;
    std::atomic<double> level;
    std::pair<int, double> pair;
    std::array<int, 0> nothing;
};
