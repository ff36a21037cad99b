#include "driver/control_object.hpp"

#include <sdbus-c++/Error.h>
#include <sdbus-c++/Message.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <map>
#include <utility>

#include "console/socket.hpp"

namespace bms::driver {

namespace asio = boost::asio;

/// A call that has not been answered.
struct ControlObject::Call {
  ControlObject& object;
  Answer answer;
  Wish wish;
  std::string sender;
  bus::Pending question{};  ///< who that is
};

namespace {

sdbus::Error error_of(const char* name, const std::string& why) {
  return {std::string("org.freedesktop.DBus.Error.") + name, why};
}

std::vector<console::Setting> settings_of(const std::map<std::string, double>& values,
                                          const std::map<std::string, double>& if_was) {
  std::vector<console::Setting> settings;
  settings.reserve(values.size());
  for (const auto& [name, value] : values) {
    const auto old = if_was.find(name);
    settings.push_back({.name = name, .value = value, .if_was = {}});
    if (old != if_was.end()) settings.back().if_was = old->second;
  }
  return settings;
}

}  // namespace

ControlObject::ControlObject(bus::BusConnection& bus, std::string place, std::shared_ptr<const Desks> desks)
    : bus_(bus),
      place_(std::move(place)),
      desks_(std::move(desks)),
      object_(sdbus::createObject(bus.connection(), path)) {
  offer_methods();
}

ControlObject::~ControlObject() = default;

void ControlObject::offer_methods() {
  using Numbers = std::map<std::string, double>;
  object_->registerMethod("Identify")
      .onInterface(interface)
      .withOutputParamNames("answer")
      .implementedAs([this](Answer&& answer) { take(std::move(answer), console::Identify{}); });
  object_->registerMethod("List").onInterface(interface).withOutputParamNames("answer").implementedAs(
      [this](Answer&& answer) { take(std::move(answer), console::List{}); });
  object_->registerMethod("Get")
      .onInterface(interface)
      .withInputParamNames("names")
      .withOutputParamNames("answer")
      .implementedAs([this](Answer&& answer, const std::vector<std::string>& names) {
        take(std::move(answer), console::Get{names});
      });
  object_->registerMethod("Set")
      .onInterface(interface)
      .withInputParamNames("values", "if_was", "dry_run")
      .withOutputParamNames("answer")
      .implementedAs([this](Answer&& answer, const Numbers& values, const Numbers& if_was, const bool& dry_run) {
        take(std::move(answer), console::Set{.settings = settings_of(values, if_was), .dry_run = dry_run});
      });
  object_->registerMethod("Switch")
      .onInterface(interface)
      .withInputParamNames("which", "on")
      .withOutputParamNames("answer")
      .implementedAs([this](Answer&& answer, const std::string& which, const bool& on) {
        const auto known = console::switch_named(which);
        if (known) return take(std::move(answer), console::SwitchOver{.which = *known, .on = on});
        answer.returnError(error_of("InvalidArgs", "expected charge, discharge or balancer, got '" + which + "'"));
      });
  object_->registerMethod("SetSoc")
      .onInterface(interface)
      .withInputParamNames("percent")
      .withOutputParamNames("answer")
      .implementedAs(
          [this](Answer&& answer, const double& soc_pct) { take(std::move(answer), console::CountFrom{soc_pct}); });
  object_->registerSignal("Progress")
      .onInterface(interface)
      .withParameters<std::uint64_t, std::uint64_t>("done", "all");
  object_->finishRegistration();
}

void ControlObject::take(Answer&& answer, Wish wish) {
  if (calls_.size() >= most_calls)
    return answer.returnError(error_of("LimitsExceeded", "too many calls wait for an answer; try again in a moment"));
  const auto call = std::make_shared<Call>(*this, std::move(answer), std::move(wish),
                                           object_->getCurrentlyProcessedMessage()->getSender());
  calls_.push_back(call);
  call->question = bus::ask_caller(bus_, call->sender, [this, waiting = std::weak_ptr(call)](const auto& caller) {
    if (const auto still = waiting.lock()) begin(still, caller);
  });
}

void ControlObject::begin(const std::shared_ptr<Call>& call, const bus::Caller& caller) {
  if (!caller.user || (*caller.user != 0 && *caller.user != geteuid())) {
    spdlog::info("refused a call of {} to {}", call->sender, path);
    return end(call, [](const Answer& answer) {
      answer.returnError(error_of("AccessDenied", "for root and the user of the driver only"));
    });
  }
  console::Request request{.battery = place_, .progress = true, .wish = std::move(call->wish)};
  // What anybody may have sent passes the same gate as a line at the socket.
  auto checked = console::read_request(console::written(request));
  if (!checked) {
    return end(call, [&checked](const Answer& answer) {
      answer.returnError(error_of("InvalidArgs", checked.error().message));
    });
  }
  std::string who = fmt::format("user {}, process {}, {} on D-Bus", *caller.user, caller.process, call->sender);
  asio::co_spawn(bus_.loop(), carry_out(call, desks_, *std::move(checked), std::move(who)), asio::detached);
}

asio::awaitable<void> ControlObject::carry_out(std::weak_ptr<Call> waiting, std::shared_ptr<const Desks> desks,
                                               console::Request request, std::string who) {
  std::function<void(const console::Progress&)> progress = [waiting](const console::Progress& now) {
    if (const auto call = waiting.lock()) call->object.tell_progress(*call, now);
  };
  const console::Answer given = co_await desks->answer(std::move(request), std::move(who), std::move(progress));
  const auto call = waiting.lock();
  if (!call) co_return;  // the service has left the bus
  const std::string text = console::written(given);
  call->object.end(call, [&text](const Answer& answer) { answer.returnResults(text); });
}

/// To the caller alone: a signal to everybody would wake all that follow the battery.
void ControlObject::tell_progress(const Call& call, const console::Progress& progress) {
  if (bus_.is_busy()) return;  // the next one says more
  try {
    auto signal = object_->createSignal(interface, "Progress");
    signal.setDestination(call.sender);
    signal << std::uint64_t{progress.done} << std::uint64_t{progress.all};
    object_->emitSignal(signal);
  } catch (const sdbus::Error& failed) {
    spdlog::debug("cannot tell {} how far it is: {}", call.sender, failed.what());
  }
  bus_.arm();
}

void ControlObject::end(const std::shared_ptr<Call>& call, const std::function<void(const Answer&)>& say) {
  try {
    say(call->answer);
  } catch (const sdbus::Error& failed) {
    spdlog::info("cannot answer {}: {}", call->sender, failed.what());
  }
  bus_.arm();
  std::erase(calls_, call);
}

}  // namespace bms::driver
