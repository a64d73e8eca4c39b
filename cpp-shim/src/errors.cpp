#include "iox_bridge/errors.hpp"

#include "cpp-shim/src/errors.rs.h"
#include "iox_bridge/compat.hpp"

#include <cstring>
#include <iostream>

namespace iox_bridge {

namespace {

void report(const char* const name, const compat::Level level) {
    on_report(rust::Slice<const std::uint8_t>(reinterpret_cast<const std::uint8_t*>(name), std::strlen(name)),
              static_cast<std::uint32_t>(level));
}

} // namespace

void install_handler() noexcept {
    compat::take_errors(report);
}

void silence() noexcept {
    compat::silence_log();
    // An empty pool is told here, once a loan that fails. Nothing but classic uses C++'s streams in this process.
    std::cerr.rdbuf(nullptr);
}

} // namespace iox_bridge
