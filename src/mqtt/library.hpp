// libmosquitto, loaded when somebody configures a broker: whoever does not pays nothing for it, and need not have it.
#pragma once

#include <mosquitto.h>

#include <expected>
#include <string>

namespace bms::mqtt {

/// What is called of it. Tests put others in their places.
struct Library {
  decltype(&mosquitto_new) create = nullptr;
  decltype(&mosquitto_destroy) destroy = nullptr;
  decltype(&mosquitto_int_option) int_option = nullptr;
  decltype(&mosquitto_will_set) will_set = nullptr;
  decltype(&mosquitto_username_pw_set) username_pw_set = nullptr;
  decltype(&mosquitto_tls_set) tls_set = nullptr;
  decltype(&mosquitto_tls_insecure_set) tls_insecure_set = nullptr;
  decltype(&mosquitto_property_add_int32) property_add_int32 = nullptr;
  decltype(&mosquitto_property_free_all) property_free_all = nullptr;
  decltype(&mosquitto_connect_bind_v5) connect_bind = nullptr;
  decltype(&mosquitto_disconnect) disconnect = nullptr;
  decltype(&mosquitto_publish) publish = nullptr;
  decltype(&mosquitto_subscribe) subscribe = nullptr;
  decltype(&mosquitto_loop_read) loop_read = nullptr;
  decltype(&mosquitto_loop_write) loop_write = nullptr;
  decltype(&mosquitto_loop_misc) loop_misc = nullptr;
  decltype(&mosquitto_socket) socket = nullptr;
  decltype(&mosquitto_want_write) want_write = nullptr;
  decltype(&mosquitto_connect_callback_set) connect_callback_set = nullptr;
  decltype(&mosquitto_disconnect_callback_set) disconnect_callback_set = nullptr;
  decltype(&mosquitto_publish_callback_set) publish_callback_set = nullptr;
  decltype(&mosquitto_message_callback_set) message_callback_set = nullptr;
  decltype(&mosquitto_log_callback_set) log_callback_set = nullptr;
  decltype(&mosquitto_strerror) strerror = nullptr;
};

/// Loads it; it stays until the process ends. Errors: what is missing, and which package has it.
[[nodiscard]] std::expected<Library, std::string> load_library(const char* name = "libmosquitto.so.1");

}  // namespace bms::mqtt
