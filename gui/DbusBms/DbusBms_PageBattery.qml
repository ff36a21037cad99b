import QtQuick
import Victron.VenusOS

// What a battery does, why, and how its cells are.
DeviceListPluginPage {
	id: root

	readonly property string uid: device ? device.serviceUid : ""
	readonly property int batteryState: state.valid ? state.value : -1
	readonly property var raised: alarmCodes.valid && alarmCodes.value !== "" ? String(alarmCodes.value).split(";") : []
	readonly property var raisedSince: alarmsSince.valid ? String(alarmsSince.value).split(";") : []

	//% "Cells and limits"
	title: qsTrId("dbusbms_battery_title")

	// What belongs to a reason, in numbers: which cell, which temperature.
	function reasonText(item, driversWords) {
		const text = words.of(words.reasons, item)
		// It still limits by what it said last, and the driver alone knows that.
		//% "a sensor that is silent now"
		if (driversWords.valid && driversWords.value.endsWith("silent now")) return text + ": " + qsTrId("dbusbms_battery_silent_sensor")
		if (item.value === 9 && maxCell.valid) return text + ": " + words.plain(maxCell.value) + ", " + words.number(maxVoltage.value, 3, "V")
		if ((item.value === 10 || item.value === 18) && minCell.valid) return text + ": " + words.plain(minCell.value) + ", " + words.number(minVoltage.value, 3, "V")
		if (item.value === 11 && coldest.valid) return text + ": " + words.number(coldest.value, 0, "°C") + " – " + words.number(warmest.value, 0, "°C")
		if (item.value === 13 && fet.valid) return text + ": " + words.number(fet.value, 0, "°C")
		if (item.value === 14 && soc.valid) return text + ": " + words.number(soc.value, 0, "%")
		return text
	}

	function cellText(id, volts) { return words.plain(id) + " " + words.number(volts, 3, "V") }

	// The same of an alarm. "number": of the cell or the sensor, 0: it is about none.
	function alarmValue(name, number) {
		const low = name.startsWith("Low")
		if (name.endsWith("CellVoltage")) {
			if (number > 0) return batteries.value > 1 ? "" : cellText(words.cellName(number - 1, cells.count, cells.units), cells.voltsOf(number - 1))
			return low ? cellText(minCell.value, minVoltage.value) : cellText(maxCell.value, maxVoltage.value)
		}
		if (name === "CellImbalance") return diff.valid ? Math.round(diff.value * 1000) + " mV" : ""
		if (name === "HighInternalTemperature") return words.number(fet.value, 0, "°C")
		if (name.endsWith("Temperature")) return number > 0 ? temperatures.said(number - 1) : words.number(low ? coldest.value : warmest.value, 0, "°C")
		if (name.endsWith("Voltage")) return words.number(voltage.value, 2, "V")
		if (name.endsWith("Current")) return words.number(current.value, 1, "A")
		return name === "LowSoc" ? words.number(soc.value, 0, "%") : ""
	}
	function alarmLine(code, index) {
		const part = code.split(":")
		const value = alarmValue(part[0], Number(part[3]))
		const since = words.since(Number(raisedSince[index]))
		return words.plain(words.alarm(code, value.includes("--") ? "" : value)) + (since !== "" ? ", " + since : "")
	}

	DbusBms_Words { id: words }

	VeQuickItem { id: state; uid: root.uid + "/State" }
	VeQuickItem { id: soc; uid: root.uid + "/Soc" }
	VeQuickItem { id: current; uid: root.uid + "/Dc/0/Current" }
	VeQuickItem { id: voltage; uid: root.uid + "/Dc/0/Voltage" }
	VeQuickItem { id: ccl; uid: root.uid + "/Info/MaxChargeCurrent" }
	VeQuickItem { id: dcl; uid: root.uid + "/Info/MaxDischargeCurrent" }
	VeQuickItem { id: cvl; uid: root.uid + "/Info/MaxChargeVoltage" }
	// A pack of a bank tells its limits to the bank alone.
	VeQuickItem { id: ownCcl; uid: root.uid + "/Member/Limit/ChargeCurrent" }
	VeQuickItem { id: ownCvl; uid: root.uid + "/Member/Limit/ChargeVoltage" }
	VeQuickItem { id: chargeReason; uid: root.uid + "/Info/ChargeLimitationCode" }
	VeQuickItem { id: dischargeReason; uid: root.uid + "/Info/DischargeLimitationCode" }
	VeQuickItem { id: chargeWords; uid: root.uid + "/Info/ChargeLimitation" }
	VeQuickItem { id: dischargeWords; uid: root.uid + "/Info/DischargeLimitation" }
	VeQuickItem { id: chargeState; uid: root.uid + "/Info/ChargeState" }
	VeQuickItem { id: stateSince; uid: root.uid + "/Info/ChargeStateSince" }
	VeQuickItem { id: chargeSince; uid: root.uid + "/Info/ChargeLimitationSince" }
	VeQuickItem { id: dischargeSince; uid: root.uid + "/Info/DischargeLimitationSince" }
	VeQuickItem { id: alarmCodes; uid: root.uid + "/Info/AlarmCodes" }
	VeQuickItem { id: alarmsSince; uid: root.uid + "/Info/AlarmsSince" }
	VeQuickItem { id: minCell; uid: root.uid + "/System/MinVoltageCellId" }
	VeQuickItem { id: maxCell; uid: root.uid + "/System/MaxVoltageCellId" }
	VeQuickItem { id: minVoltage; uid: root.uid + "/System/MinCellVoltage" }
	VeQuickItem { id: maxVoltage; uid: root.uid + "/System/MaxCellVoltage" }
	VeQuickItem { id: coldest; uid: root.uid + "/System/MinCellTemperature" }
	VeQuickItem { id: warmest; uid: root.uid + "/System/MaxCellTemperature" }
	VeQuickItem { id: fet; uid: root.uid + "/System/MOSTemperature" }
	VeQuickItem { id: diff; uid: root.uid + "/Voltages/Diff" }
	VeQuickItem { id: weakest; uid: root.uid + "/CellMonitor/WeakestCell" }
	VeQuickItem { id: strongest; uid: root.uid + "/CellMonitor/StrongestCell" }
	VeQuickItem { id: faults; uid: root.uid + "/Info/ConfigurationFault" }
	VeQuickItem { id: batteries; uid: root.uid + "/System/NrOfBatteries" }
	VeQuickItem { id: sinceFull; uid: root.uid + "/History/TimeSinceLastFullCharge" }
	VeQuickItem { id: errorCode; uid: root.uid + "/Diagnostics/LastErrors/1/Error" }
	VeQuickItem { id: errorTime; uid: root.uid + "/Diagnostics/LastErrors/1/Time" }
	VeQuickItem { id: failed; uid: root.uid + "/Info/Link/FailedPolls" }
	VeQuickItem { id: losses; uid: root.uid + "/Info/Link/LossesPerDay" }
	VeQuickItem { id: gap; uid: root.uid + "/Info/Link/LongestGap" }
	VeQuickItem { id: trouble; uid: root.uid + "/Info/Link/Trouble" }
	VeQuickItem { id: drawn; uid: root.uid + "/History/DischargedEnergy" }
	VeQuickItem { id: charged; uid: root.uid + "/History/ChargedEnergy" }

	GradientListView {
		model: VisibleItemModel {
			ListText {
				text: root.batteryState === 10 ? words.alarmText("BmsCable")
						//% "The BMS answers again"
						: qsTrId("dbusbms_battery_returning")
				//% "Check its cable, its supply and its switch. Charging is not allowed; the last values are no longer shown"
				caption: root.batteryState === 10 ? qsTrId("dbusbms_battery_no_contact_help")
						//% "Limits rise slowly until it has proved itself"
						: qsTrId("dbusbms_battery_returning_help")
				preferredVisible: root.batteryState === 10 || root.batteryState === 14
			}

			ListText {
				//% "State"
				text: qsTrId("dbusbms_battery_state")
				secondaryText: words.of(words.states, chargeState)
				caption: chargeState.valid ? words.since(stateSince.value) : ""
			}

			ListQuantityGroup {
				//% "Now"
				text: qsTrId("dbusbms_battery_now")
				model: QuantityObjectModel {
					QuantityObject { object: soc; unit: VenusOS.Units_Percentage; defaultValue: "--" }
					QuantityObject { object: voltage; unit: VenusOS.Units_Volt_DC; defaultValue: "--" }
					QuantityObject { object: current; unit: VenusOS.Units_Amp; defaultValue: "--" }
				}
			}

			ListQuantityGroup {
				//% "Charging allowed up to"
				text: qsTrId("dbusbms_battery_charge")
				model: QuantityObjectModel {
					QuantityObject { object: ownCcl.valid ? ownCcl : ccl; unit: VenusOS.Units_Amp; defaultValue: "--" }
					QuantityObject { object: ownCvl.valid ? ownCvl : cvl; unit: VenusOS.Units_Volt_DC; defaultValue: "--" }
				}
			}

			ListText {
				//% "Because of"
				text: qsTrId("dbusbms_battery_because")
				secondaryText: root.reasonText(chargeReason, chargeWords)
				caption: words.since(chargeSince.value)
				preferredVisible: chargeReason.valid && chargeReason.value > 0
			}

			ListQuantityGroup {
				//% "Discharging allowed up to"
				text: qsTrId("dbusbms_battery_discharge")
				model: QuantityObjectModel {
					QuantityObject { object: dcl; unit: VenusOS.Units_Amp; defaultValue: "--" }
				}
			}

			ListText {
				text: qsTrId("dbusbms_battery_because")
				secondaryText: root.reasonText(dischargeReason, dischargeWords)
				caption: words.since(dischargeSince.value)
				preferredVisible: dischargeReason.valid && dischargeReason.value > 0
			}

			ListText {
				//% "Alarms"
				text: qsTrId("dbusbms_battery_alarms")
				//% "None"
				secondaryText: root.raised.length === 0 ? qsTrId("dbusbms_none") : root.raised.map(root.alarmLine).join("\n")
			}

			ListText {
				//% "Last error that stopped the battery"
				text: qsTrId("dbusbms_battery_last_error")
				secondaryText: words.error(errorCode.value) + ", " + words.date(errorTime.valid ? errorTime.value : 0)
				preferredVisible: errorCode.valid && errorCode.value > 0
			}

			DbusBms_Foreign {
				//% "To be put right"
				title: qsTrId("dbusbms_battery_faults")
				said: faults.valid ? String(faults.value) : ""
			}

			SectionHeader {
				//% "Cells"
				text: qsTrId("dbusbms_battery_cells")
			}

			ListText {
				//% "No cell voltages are known now"
				text: qsTrId("dbusbms_battery_no_cells")
				preferredVisible: !cells.preferredVisible && !(batteries.value > 1)
			}

			DbusBms_Cells { id: cells; uid: root.uid }
			DbusBms_Trend { uid: root.uid }

			ListText {
				//% "Weakest cell"
				text: qsTrId("dbusbms_battery_weakest")
				//% "How far it is ahead of the others on the way to full and to empty"
				caption: qsTrId("dbusbms_battery_weakest_help")
				secondaryText: words.plain(weakest.value)
				preferredVisible: weakest.valid
			}

			ListText {
				//% "Strongest cell"
				text: qsTrId("dbusbms_battery_strongest")
				secondaryText: words.plain(strongest.value)
				preferredVisible: strongest.valid
			}

			ListQuantity {
				//% "Largest difference in two days"
				text: qsTrId("dbusbms_battery_spread")
				dataItem.uid: root.uid + "/CellMonitor/Statistics/MaxSpread"
				unit: VenusOS.Units_Volt_DC
				decimals: 3
				preferredVisible: dataItem.valid
			}

			DbusBms_Event { uid: root.uid; cells: cells.count; units: cells.units }
			DbusBms_Acknowledge { uid: root.uid }

			SectionHeader {
				//% "More"
				text: qsTrId("dbusbms_battery_more")
			}

			ListItem {
				id: temperatures

				// "T2 21 °C", from 0; "" where there is no such sensor.
				function said(index) { return index < sensors.count && words.part(sensors.itemAt(index), "said") || "" }

				preferredVisible: coldest.valid || fet.valid
				contentItem: Flow {
					spacing: 20

					Label {
						//% "Temperatures"
						text: qsTrId("dbusbms_battery_temperatures")
						font: temperatures.font
					}
					Repeater {
						id: sensors

						model: 16
						delegate: Label {
							id: sensor

							required property int index

							readonly property string said: sensorItem.valid ? text : ""

							visible: sensorItem.valid
							text: "T" + (index + 1) + " " + words.number(sensorItem.value, 0, "°C")
							font.pixelSize: Theme.font_listItem_secondary_size
							color: Theme.color_font_secondary
							VeQuickItem { id: sensorItem; uid: root.uid + "/System/Temperature" + (sensor.index + 1) }
						}
					}
					Label {
						visible: fet.valid
						text: "BMS " + words.number(fet.value, 0, "°C")
						font.pixelSize: Theme.font_listItem_secondary_size
						color: Theme.color_font_secondary
					}
				}
			}

			ListQuantityGroup {
				//% "Charged, discharged"
				text: qsTrId("dbusbms_battery_energy")
				model: QuantityObjectModel {
					QuantityObject { object: charged; unit: VenusOS.Units_Energy_KiloWattHour; defaultValue: "--" }
					QuantityObject { object: drawn; unit: VenusOS.Units_Energy_KiloWattHour; defaultValue: "--" }
				}
			}

			ListText {
				//% "Cycles"
				text: qsTrId("dbusbms_battery_cycles")
				dataItem.uid: root.uid + "/History/ChargeCycles"
				preferredVisible: dataItem.valid
			}

			ListText {
				//% "Last full charge"
				text: qsTrId("dbusbms_battery_full")
				//: %1: number of days
				//% "%1 days ago"
				secondaryText: sinceFull.valid ? qsTrId("dbusbms_days_ago").arg((sinceFull.value / 86400).toFixed(1))
						//% "Not seen yet"
						: qsTrId("dbusbms_battery_never_full")
				caption: sinceFull.valid ? words.date(Date.now() / 1000 - sinceFull.value) : ""
				preferredVisible: root.batteryState !== 10  // it does not grow then
			}

			ListText {
				//% "Questions that the BMS left unanswered"
				text: qsTrId("dbusbms_battery_failed")
				//% "In the last five minutes"
				caption: qsTrId("dbusbms_battery_failed_help")
				secondaryText: words.number(failed.value, 0, "%")
				preferredVisible: failed.valid
			}

			ListText {
				//% "Bluetooth connection"
				text: qsTrId("dbusbms_battery_link")
				//: %1: a number; %2: seconds
				//% "lost %1 times in 24 hours, longest gap %2 s"
				secondaryText: qsTrId("dbusbms_battery_losses").arg(losses.valid ? losses.value : "--").arg(gap.valid ? Math.round(gap.value) : "--")
				preferredVisible: losses.valid
			}

			DbusBms_Foreign {
				//% "What ends the connection"
				title: qsTrId("dbusbms_battery_trouble")
				said: trouble.valid ? String(trouble.value) : ""
			}

			ListNavigation {
				//% "Packs of this bank"
				text: qsTrId("dbusbms_bank_title")
				preferredVisible: batteries.valid && batteries.value > 1
				onClicked: Global.pageManager.pushPage("qrc:/DbusBms/DbusBms_PageBank.qml", { "device": root.device })
			}

			ListNavigation {
				//% "Limits and switches"
				text: qsTrId("dbusbms_control_title")
				onClicked: Global.pageManager.pushPage("qrc:/DbusBms/DbusBms_PageControl.qml", { "device": root.device })
			}
		}
	}
}
