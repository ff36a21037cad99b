#include "cli/console/commands.hpp"

#include <memory>

#include "bms/link_quality.hpp"
#include "cli/console/backup_files.hpp"
#include "cli/console/changed.hpp"
#include "cli/console/common_options.hpp"
#include "cli/console/get.hpp"
#include "cli/console/list.hpp"
#include "cli/console/orders.hpp"
#include "cli/console/selection.hpp"
#include "cli/console/set.hpp"
#include "cli/console/trace.hpp"
#include "registry.hpp"

namespace bms::cli {

namespace {

void add_list(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    Tables tables;
    Filter filter;
    bool changed = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_verb(app, "list", "Lists the parameters of a board, or those of a family without a board",
                               "  dbus-bms list\n"
                               "  dbus-bms list --family rec\n"
                               "  dbus-bms list --writable --risk safety,limits cell\n");
  add_word(*command, "PATTERN", options->filter.pattern,
           "Part of the name or the meaning; with * or ? a pattern for the whole name");
  CLI::Option* family = add_value(*command, "--family", "FAMILY", options->tables.family,
                                  "From the tables of a family, without a board: " + family_names());
  family->check(one_of(names_of_families()));
  add_value(*command, "--dialect", "DIALECT", options->tables.dialect, "Of this dialect only")->needs(family);
  add_words(*command, "--group", "GROUPS", options->filter.groups, groups(), "Of these groups only");
  add_words(*command, "--risk", "RISKS", options->filter.risks, risks(), "With these risks only");
  command->add_flag("--writable", options->filter.writable, "Only what can be set");
  command->add_flag("--changed", options->changed, "Only what is not as on a new board, where it is known: REC")
      ->excludes(family);
  add_way(*command, options->common);
  add_json(*command, options->common.json);
  command->callback([options, &chosen] {
    chosen = [options] {
      Terminal terminal = standard_terminal();
      if (!options->tables.family.empty())
        return list_tables(options->tables, options->filter, options->common.json, terminal);
      return converse(options->common, [&](const Conversation& with) {
        return options->changed ? list_changed(with, options->filter) : list(with, options->filter);
      });
    };
  });
}

void add_get(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    GetOptions get;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_verb(app, "get", "Reads parameters of a board",
                               "  dbus-bms get cell_overvoltage cell_overvoltage_release\n"
                               "  dbus-bms get --group cell_limits,delays --json\n"
                               "  dbus-bms get --all --port ttyUSB0\n");
  command->add_option("NAME", options->get.names, "Names of parameters, as list shows them")->type_name("");
  add_words(*command, "--group", "GROUPS", options->get.groups, groups(), "All parameters of these groups");
  command->add_flag("--all", options->get.all, "All that can be read");
  add_way(*command, options->common);
  add_trace(*command, options->common);
  add_json(*command, options->common.json);
  command->callback([options, &chosen] {
    const GetOptions& get_options = options->get;
    if (get_options.names.empty() && get_options.groups.empty() && !get_options.all)
      throw CLI::ValidationError("NAME", "expected names of parameters, --group or --all");
    chosen = [options] {
      return converse(options->common, [&](const Conversation& with) { return get(with, options->get); });
    };
  });
}

void add_set(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    SetOptions set;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_verb(app, "set", "Sets parameters of a board: shows what would change, asks, writes, reads back",
               "  dbus-bms set cell_overvoltage=3.6 cell_overvoltage_release=3.45\n"
               "  dbus-bms set cell_overvoltage=3.6 --if-was 3.65 --yes\n"
               "  dbus-bms set cell_overvoltage=3.6 --dry-run\n");
  command->add_option("NAME=VALUE", options->set.settings, "Parameters, and what they are to hold")
      ->type_name("")
      ->required();
  command->add_flag("--dry-run", options->set.dry_run, "Only show what would change");
  add_value(*command, "--if-was", "OLD", options->set.if_was,
            "Only if the parameter holds this now; for a single parameter");
  add_yes(*command, options->set.yes);
  add_way(*command, options->common);
  add_trace(*command, options->common);
  add_json(*command, options->common.json);
  command->callback([options, &chosen] {
    chosen = [options] {
      return converse(options->common, [&](const Conversation& with) { return set(with, options->set); });
    };
  });
}

void add_switch(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    SwitchOptions order;
    std::string state;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_verb(app, "switch", "Switches charging, discharging or the balancer of a board",
                               "  dbus-bms switch charge off\n"
                               "  dbus-bms switch discharge off   # takes the whole system down: asks\n"
                               "  dbus-bms switch balancer on\n");
  add_word(*command, "WHICH", options->order.which, "charge, discharge or balancer")
      ->required()
      ->check(one_of({"charge", "discharge", "balancer"}));
  add_word(*command, "STATE", options->state, "on or off")->required()->check(one_of({"on", "off"}));
  add_yes(*command, options->order.yes);
  add_way(*command, options->common);
  add_trace(*command, options->common);
  add_json(*command, options->common.json);
  command->callback([options, &chosen] {
    options->order.on = options->state == "on";
    chosen = [options] {
      return converse(options->common, [&](const Conversation& with) { return switch_over(with, options->order); });
    };
  });
}

void add_soc(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    double soc_pct = 0;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_verb(app, "soc", "Sets the state of charge that a board counts from, in percent", "  dbus-bms soc 80\n");
  add_value(*command, "PCT", "", options->soc_pct, "State of charge in percent, 0 to 100")
      ->required()
      ->transform(number_within(0, 100, "%"));
  add_way(*command, options->common);
  add_trace(*command, options->common);
  add_json(*command, options->common.json);
  command->callback([options, &chosen] {
    chosen = [options] {
      return converse(options->common, [&](const Conversation& with) { return count_from(with, options->soc_pct); });
    };
  });
}

void add_release(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    std::string battery;
    double minutes = usual_release_min;
    bool end = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_verb(app, "release", "Leaves a board that is read by Bluetooth to a phone for ten minutes, or takes it back",
               "  dbus-bms release\n"
               "  dbus-bms release A4:C1:37:00:00:23 --minutes 20\n"
               "  dbus-bms release A4:C1:37:00:00:23 --end\n");
  add_word(*command, "BATTERY", options->battery,
           "Which one, by any of its names, as with --battery, or its Bluetooth address; the only one unless given");
  CLI::Option* minutes = add_value(*command, "--minutes", "MINUTES", options->minutes, "For how long, 0.1 to 60");
  minutes->transform(number_within(0.1, longest_release_min, "min"))->capture_default_str();
  command->add_flag("--end", options->end, "Take it back now")->excludes(minutes);
  add_way(*command, options->common);
  add_json(*command, options->common.json);
  command->callback([options, &chosen] {
    if (!options->battery.empty()) options->common.way.battery = options->battery;
    chosen = [options] {
      const double time_min = options->end ? 0 : options->minutes;
      return converse(options->common, [&](const Conversation& with) { return release(with, time_min); });
    };
  });
}

void add_backup(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    BackupOptions backup;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_verb(app, "backup", "Writes all parameters of a board into a file, as JSON",
                               "  dbus-bms backup -o battery.json\n"
                               "  dbus-bms backup > battery.json\n");
  add_value(*command, "-o,--output", "PATH", options->backup.file, "File to write; standard output unless given");
  add_way(*command, options->common);
  add_trace(*command, options->common);
  command->callback([options, &chosen] {
    chosen = [options] {
      options->backup.taken = utc_now();
      return converse(options->common, [&](const Conversation& with) { return back_up(with, options->backup); });
    };
  });
}

void add_restore(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    RestoreCommand restore;
    std::vector<ParameterGroup> only;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_verb(app, "restore", "Shows what differs from a backup, and with --write sets it",
                               "  dbus-bms restore battery.json\n"
                               "  dbus-bms restore battery.json --write --only cell_limits\n"
                               "  dbus-bms restore battery.json --write --yes=safety,calibration\n");
  add_word(*command, "FILE", options->restore.file, "File made by backup, or what set has left before it wrote")
      ->required()
      ->check(readable());
  command->add_flag("--write", options->restore.write, "Write it; without this nothing is written");
  add_words(*command, "--only", "GROUP", options->only, groups(),
            "Of this group only; calibration is restored only so, and only to the board that it is of");
  command->add_flag("--other-board", options->restore.other_board, "Also to another model, or another firmware");
  add_yes(*command, options->restore.yes);
  add_way(*command, options->common);
  add_trace(*command, options->common);
  add_json(*command, options->common.json);
  command->callback([options, &chosen] {
    if (options->only.size() > 1) throw CLI::ValidationError("--only", "expected one group");
    if (!options->only.empty()) options->restore.only = options->only.front();
    chosen = [options] {
      return converse(options->common, [&](const Conversation& with) { return restore(with, options->restore); });
    };
  });
}

void add_diff(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    DiffOptions diff;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_verb(app, "diff", "Shows which settings differ between two backups, or a backup and a board",
                               "  dbus-bms diff battery.json live\n"
                               "  dbus-bms diff one.json other.json --ignore-calibration\n");
  add_word(*command, "FIRST", options->diff.first, "File made by backup, or \"live\" for the board")->required();
  add_word(*command, "SECOND", options->diff.second, "Likewise")->required();
  command->add_flag("--ignore-calibration", options->diff.ignore_calibration,
                    "Without what differs between any two boards");
  add_way(*command, options->common);
  add_json(*command, options->common.json);
  command->callback([options, &chosen] {
    if (options->diff.first == live && options->diff.second == live)
      throw CLI::ValidationError("SECOND", "expected a file, as the first one is the board");
    chosen = [options] {
      DiffOptions& wanted = options->diff;
      wanted.json = options->common.json;
      wanted.taken = utc_now();
      if (wanted.first != live && wanted.second != live) {
        Terminal terminal = standard_terminal();
        return diff(wanted, terminal, nullptr);
      }
      return converse(options->common, [&](const Conversation& with) { return diff(wanted, with.terminal, &with); });
    };
  });
}

void add_trace_verb(CLI::App& app, Action& chosen) {
  struct Options {
    CommonOptions common;
    TraceOptions trace;
    bool only_new = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_verb(app, "trace", "Shows what passes over the line of a board, until Ctrl-C",
                               "  dbus-bms trace\n"
                               "  dbus-bms trace --bytes --seconds 5\n"
                               "  dbus-bms trace --seconds 60 -o trace.jsonl   # for a bug report\n");
  command->add_flag("--bytes", options->trace.bytes, "Show what each byte is for, and all values");
  add_value(*command, "--seconds", "SECONDS", options->trace.seconds, "End after so many seconds")
      ->transform(number_within(0.1, console::longest_trace_s, "s"));
  add_value(*command, "-o,--output", "PATH", options->trace.file, "File to record into, as decode and replay read it");
  command->add_flag("--only-new", options->only_new,
                    "Without what was before, which the driver keeps with trace_memory = yes");
  add_way(*command, options->common);
  command->add_flag("--json", options->common.json, "Print one JSON object for each frame");
  command->callback([options, &chosen] {
    options->trace.past = !options->only_new;
    chosen = [options] {
      return converse(options->common, [&](const Conversation& with) { return trace(with, options->trace); });
    };
  });
}

}  // namespace

void add_console_commands(CLI::App& app, Action& chosen) {
  add_list(app, chosen);
  add_get(app, chosen);
  add_set(app, chosen);
  add_switch(app, chosen);
  add_soc(app, chosen);
  add_release(app, chosen);
  add_backup(app, chosen);
  add_restore(app, chosen);
  add_diff(app, chosen);
  add_trace_verb(app, chosen);
}

}  // namespace bms::cli
