#include "mqtt/exporter.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>

#include "mqtt/library.hpp"
#include "mqtt/mqtt_face.hpp"
#include "mqtt/topics.hpp"

namespace bms::mqtt {

Exporter::Exporter(boost::asio::io_context& loop, const Config& config, const std::string& port,
                   const std::string& state_directory)
    : loop_(loop), directory_(state_directory) {
  if (config.host.empty()) return;
  if (const std::string fault = topic_fault(config); !fault.empty()) {
    spdlog::error("nothing is sent to the broker: {}", fault);
    return;
  }
  const auto library = load_library();
  if (!library) {
    spdlog::error("nothing is sent to the broker: {}", library.error());
    return;
  }
  const std::string name = client_name(port);
  client_.emplace(loop, *library, config, name);
  retained_.emplace(state_directory, name);
  exchanges_.emplace(loop, *client_, *retained_, state_directory);
  client_->start();
}

std::unique_ptr<Face> Exporter::make_face() {
  Notes notes;
  notes.directory = directory_;
  notes.retained = [this](const std::string& topic) {
    if (retained_->note(topic) && retained_->note(client_->status_topic())) return;
    if (!note_failed_) spdlog::warn("which topics the broker holds cannot be written down; see --state-dir");
    note_failed_ = true;
  };
  notes.settled = [this](const std::string& place, const std::string& id) { exchanges_->settle(place, id); };
  return std::make_unique<MqttFace>(loop_, *client_, std::move(notes));
}

void Exporter::stop() {
  // Whoever has emptied the topics meanwhile finds the last ones of this process.
  if (retained_) retained_->assure();
  if (client_) client_->stop();
}

std::string client_name(const std::string& port) {
  std::array<char, 64> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host.fill(0);
  return topic_id(std::string(host.data()) + "-" + port);
}

}  // namespace bms::mqtt
