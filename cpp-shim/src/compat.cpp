#include "iox_bridge/compat.hpp"

#include "iceoryx_posh/roudi/iceoryx_roudi_app.hpp"

#include <unistd.h>

#if IOX_BRIDGE_CLASSIC_2_95
#include "iceoryx_posh/internal/posh_error_reporting.hpp"
#include "iox/detail/hoofs_error_reporting.hpp"
#include "iox/error_reporting/custom/default/error_handler.hpp"
#include "iox/error_reporting/custom/default/error_handler_interface.hpp"
#include "iox/logging.hpp"
#include "iox/static_lifetime_guard.hpp"
#else
#include "iceoryx_hoofs/error_handling/error_handling.hpp"
#include "iceoryx_hoofs/log/logmanager.hpp"

#include <functional>
#endif

namespace iox_bridge::compat {

namespace {

/// EX_SOFTWARE of sysexits.h: what is left to say when a report of a fatal error returns.
constexpr int EXIT_AFTER_FATAL = 70;

Report told = nullptr;

} // namespace

#if IOX_BRIDGE_CLASSIC_2_95

namespace {

/// An error says nothing of its level: a fatal one is followed by a panic, on the same thread.
class ErrorHandler final : public iox::er::ErrorHandlerInterface {
  public:
    void onPanic() noexcept override {
        told(last_, Level::Fatal);
        _exit(EXIT_AFTER_FATAL);
    }

    void onReportError(const iox::er::ErrorDescriptor error) noexcept override { remember(error); }

    void onReportViolation(const iox::er::ErrorDescriptor error) noexcept override { remember(error); }

  private:
    static void remember(const iox::er::ErrorDescriptor& error) noexcept {
        last_ = name_of(error);
        told(last_, Level::Severe);
    }

    static const char* name_of(const iox::er::ErrorDescriptor& error) noexcept {
        if (error.module == iox::PoshErrorType::module()) {
            return iox::asStringLiteral(static_cast<iox::PoshError>(error.code.value));
        }
        if (error.module == iox::HoofsErrorType::module()) {
            return iox::asStringLiteral(static_cast<iox::HoofsError>(error.code.value));
        }
        return "an error without a readable name";
    }

    static inline thread_local const char* last_ = "a panic";
};

} // namespace

std::string own_prefix() noexcept {
    return iox::iceoryxResourcePrefix(iox::DEFAULT_DOMAIN_ID, iox::ResourceType::ICEORYX_DEFINED).c_str();
}

std::string runtime_prefix() noexcept {
    return iox::iceoryxResourcePrefix(iox::DEFAULT_DOMAIN_ID, iox::ResourceType::USER_DEFINED).c_str();
}

void take_errors(const Report report) noexcept {
    told = report;
    iox::er::ErrorHandler::set(iox::StaticLifetimeGuard<ErrorHandler>());
}

void silence_log() noexcept {
    iox::log::Logger::setLogLevel(iox::log::LogLevel::Off);
}

std::uint8_t run_roudi(RouDiConfig config, const std::uint64_t kill_delay_seconds) noexcept {
    config.processKillDelay = iox::units::Duration::fromSeconds(kill_delay_seconds);
    config.monitoringMode = iox::roudi::MonitoringMode::ON;
    return iox::roudi::IceOryxRouDiApp(config).run();
}

#else

static_assert(static_cast<std::uint32_t>(iox::ErrorLevel::FATAL) == static_cast<std::uint32_t>(Level::Fatal));
static_assert(static_cast<std::uint32_t>(iox::ErrorLevel::SEVERE) == static_cast<std::uint32_t>(Level::Severe));
static_assert(static_cast<std::uint32_t>(iox::ErrorLevel::MODERATE) == static_cast<std::uint32_t>(Level::Moderate));

namespace {

void handle(const iox::Error error, const std::function<void()>& callback, const iox::ErrorLevel level) noexcept {
    if (callback) {
        callback();
    }
    told(iox::ErrorHandler::toString(error), static_cast<Level>(level));
    if (level == iox::ErrorLevel::FATAL) {
        _exit(EXIT_AFTER_FATAL);
    }
}

} // namespace

std::string own_prefix() noexcept {
    return {};
}

std::string runtime_prefix() noexcept {
    return {};
}

void take_errors(const Report report) noexcept {
    told = report;
    // The guard would bring classic's own handler back when the process runs its static destructors, which is when
    // classic's runtime says goodbye to RouDi and errors are likely; so the guard is never destroyed.
    static const auto* const guard =
        new iox::cxx::GenericRAII(iox::ErrorHandler::setTemporaryErrorHandler(iox::HandlerFunction(handle)));
    static_cast<void>(guard);
}

void silence_log() noexcept {
    iox::log::LogManager::GetLogManager().SetDefaultLogLevel(iox::log::LogLevel::kOff,
                                                             iox::log::LogLevelOutput::kHideLogLevel);
}

std::uint8_t run_roudi(RouDiConfig config, const std::uint64_t kill_delay_seconds) noexcept {
    iox::config::CmdLineArgs_t arguments;
    arguments.processKillDelay = iox::units::Duration::fromSeconds(kill_delay_seconds);
    return iox::roudi::IceOryxRouDiApp(arguments, config).run();
}

#endif

} // namespace iox_bridge::compat
