#include "iox_bridge/errors.hpp"

#include "cpp-shim/src/errors.rs.h"

#include "iceoryx_hoofs/error_handling/error_handling.hpp"
#include "iceoryx_hoofs/log/logmanager.hpp"

#include <cstring>
#include <functional>
#include <iostream>
#include <unistd.h>

namespace iox_bridge {

static_assert(static_cast<std::uint32_t>(iox::ErrorLevel::FATAL) == 0U);
static_assert(static_cast<std::uint32_t>(iox::ErrorLevel::SEVERE) == 1U);
static_assert(static_cast<std::uint32_t>(iox::ErrorLevel::MODERATE) == 2U);

namespace {

/// EX_SOFTWARE of sysexits.h: what is left to say when the Rust side returns from a fatal error.
constexpr int EXIT_AFTER_FATAL = 70;

void handle(const iox::Error error, const std::function<void()>& callback, const iox::ErrorLevel level) noexcept {
    if (callback) {
        callback();
    }
    const char* const name = iox::ErrorHandler::toString(error);
    on_report(rust::Slice<const std::uint8_t>(reinterpret_cast<const std::uint8_t*>(name), std::strlen(name)),
              static_cast<std::uint32_t>(level));
    if (level == iox::ErrorLevel::FATAL) {
        _exit(EXIT_AFTER_FATAL);
    }
}

} // namespace

void install_handler() noexcept {
    // The guard would bring classic's own handler back when the process runs its static destructors, which is when
    // classic's runtime says goodbye to RouDi and errors are likely; so the guard is never destroyed.
    static const auto* const guard =
        new iox::cxx::GenericRAII(iox::ErrorHandler::setTemporaryErrorHandler(iox::HandlerFunction(handle)));
    static_cast<void>(guard);
}

void silence() noexcept {
    iox::log::LogManager::GetLogManager().SetDefaultLogLevel(iox::log::LogLevel::kOff,
                                                             iox::log::LogLevelOutput::kHideLogLevel);
    // An empty pool is told here, once a loan that fails. Nothing but classic uses C++'s streams in this process.
    std::cerr.rdbuf(nullptr);
}

} // namespace iox_bridge
