import QtQuick
import Victron.VenusOS

// All cells of a battery as bars; a tap shows one of them in numbers.
ListItem {
	id: root

	required property string uid
	property int selected: -1
	readonly property int count: nrOfCells.valid ? nrOfCells.value : 0
	readonly property int units: (online.valid ? online.value : 0) + (offline.valid ? offline.value : 0)

	// The bars stand on a scale of their own, at least 50 mV high, so that small differences can be seen.
	readonly property real low: minVoltage.valid ? Math.floor(minVoltage.value * 100 - 1) / 100 : 0
	readonly property real high: maxVoltage.valid ? Math.max(low + 0.05, Math.ceil(maxVoltage.value * 100 + 1) / 100) : 1
	readonly property real mean: sum.valid && count > 0 ? sum.value / count : NaN

	readonly property int columns: Theme.screenSize === Theme.Portrait && count > 16 ? Math.ceil(count / 2) : Math.max(1, count)

	// Of a cell, from 0; undefined: not known.
	function voltsOf(index) { return index < all.count ? words.part(all.itemAt(index), "volts") : undefined }

	preferredVisible: count > 0 && minVoltage.valid && !(batteries.value > 1)

	VeQuickItem { id: nrOfCells; uid: root.uid + "/System/NrOfCellsPerBattery" }
	VeQuickItem { id: batteries; uid: root.uid + "/System/NrOfBatteries" }
	VeQuickItem { id: online; uid: root.uid + "/System/NrOfModulesOnline" }
	VeQuickItem { id: offline; uid: root.uid + "/System/NrOfModulesOffline" }
	VeQuickItem { id: minVoltage; uid: root.uid + "/System/MinCellVoltage" }
	VeQuickItem { id: maxVoltage; uid: root.uid + "/System/MaxCellVoltage" }
	VeQuickItem { id: minCell; uid: root.uid + "/System/MinVoltageCellId" }
	VeQuickItem { id: maxCell; uid: root.uid + "/System/MaxVoltageCellId" }
	VeQuickItem { id: sum; uid: root.uid + "/Voltages/Sum" }
	VeQuickItem { id: diff; uid: root.uid + "/Voltages/Diff" }

	DbusBms_Words { id: words }

	contentItem: Column {
		spacing: 8

		Grid {
			id: bars

			width: parent.width
			columns: root.columns
			rowSpacing: 8

			Repeater {
				id: all

				model: root.preferredVisible ? root.count : 0
				delegate: Item {
					id: cell

					required property int index
					readonly property string name: words.cellName(index, root.count, root.units)
					readonly property bool extreme: minCell.value === name || maxCell.value === name
					readonly property real offMv: voltage.valid ? (voltage.value - root.mean) * 1000 : 0
					readonly property var volts: voltage.value
					readonly property bool balancing: balanced.value === 1

					function said() {
						//: %1: name of a cell; %2: voltage; %3: difference to the mean of all cells in mV, with its sign
						//% "%1: %2, %3 mV from the mean"
						const text = qsTrId("dbusbms_cell").arg(name).arg(words.number(volts, 3, "V"))
								.arg((offMv > 0 ? "+" : "") + Math.round(offMv))
						//% "balancing"
						return balancing ? text + ", " + qsTrId("dbusbms_balancing") : text
					}

					width: bars.width / root.columns
					height: 100

					VeQuickItem { id: voltage; uid: root.uid + "/Voltages/Cell" + (cell.index + 1) }
					VeQuickItem { id: balanced; uid: root.uid + "/Balances/Cell" + (cell.index + 1) }

					Rectangle {
						anchors { bottom: number.top; horizontalCenter: parent.horizontalCenter }
						width: parent.width * 0.7
						height: voltage.valid ? Math.max(2, (parent.height - number.height) * (voltage.value - root.low) / (root.high - root.low)) : 0
						color: Math.abs(cell.offMv) >= 50 ? Theme.color_red : Math.abs(cell.offMv) >= 20 ? Theme.color_orange : Theme.color_blue
						border { width: cell.extreme || cell.index === root.selected ? 2 : 0; color: Theme.color_font_primary }
						Behavior on height { NumberAnimation { duration: 300 } }

						Rectangle {
							visible: cell.balancing
							anchors { top: parent.top; topMargin: 4; horizontalCenter: parent.horizontalCenter }
							width: 8
							height: 8
							radius: 4
							color: Theme.color_font_primary
						}
					}
					Label {
						id: number
						anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter }
						text: cell.index + 1
						font.pixelSize: 12
						color: cell.extreme ? Theme.color_font_primary : Theme.color_font_secondary
					}
					MouseArea {
						anchors.fill: parent
						onClicked: root.selected = root.selected === cell.index ? -1 : cell.index
					}
				}
			}
		}

		Label {
			objectName: "detail"

			readonly property var shown: root.selected >= 0 && root.selected < all.count ? all.itemAt(root.selected) : null

			width: parent.width
			visible: shown !== null
			text: shown ? shown.said() : ""
			wrapMode: Text.Wrap
			font.pixelSize: Theme.font_listItem_secondary_size
		}

		Label {
			objectName: "scale"
			width: parent.width
			wrapMode: Text.Wrap
			font.pixelSize: Theme.font_listItem_caption_size
			color: Theme.color_font_secondary
			//: %1, %3: names of cells; %2, %4: their voltages; %5: difference in mV
			//% "Lowest %1 %2, highest %3 %4, difference %5 mV. Tap a cell for its numbers; a dot: it is being balanced"
			text: qsTrId("dbusbms_cells_scale").arg(words.plain(minCell.value)).arg(words.number(minVoltage.value, 3, "V"))
					.arg(words.plain(maxCell.value)).arg(words.number(maxVoltage.value, 3, "V"))
					.arg(diff.valid ? Math.round(diff.value * 1000) : "--")
		}
	}
}
