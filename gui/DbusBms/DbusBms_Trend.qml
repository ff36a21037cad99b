import QtQuick
import Victron.VenusOS

// The lowest cell of every half hour of two days, and how far it was below the others.
ListItem {
	id: root

	required property string uid
	readonly property var points: (trend.valid ? String(trend.value) : "").split(",").map(text => {
		const part = text.split(":")
		return part.length === 2 ? { cell: Number(part[0]), mv: Number(part[1]) } : null
	})
	readonly property var known: points.filter(point => point !== null)
	readonly property int mostMv: known.reduce((most, point) => Math.max(most, point.mv), 0)

	// The cell that was the lowest most often.
	readonly property int usual: {
		const counts = {}
		let best = 0
		for (const point of known) {
			counts[point.cell] = (counts[point.cell] || 0) + 1
			if (best === 0 || counts[point.cell] > counts[best]) best = point.cell
		}
		return best
	}
	readonly property int usualCount: known.filter(point => point.cell === usual).length

	preferredVisible: known.length > 0

	VeQuickItem { id: trend; uid: root.uid + "/CellMonitor/Trend" }

	contentItem: Column {
		spacing: 4

		Label {
			width: parent.width
			wrapMode: Text.Wrap
			font: root.font
			//: %1: number of hours
			//% "Lowest cell, last %1 hours"
			text: qsTrId("dbusbms_trend").arg(Math.ceil(root.points.length / 2))
		}
		Row {
			id: bars

			width: parent.width
			height: 60

			Repeater {
				model: root.points
				delegate: Item {
					id: slot

					required property var modelData

					width: bars.width / Math.max(1, root.points.length)
					height: bars.height

					Rectangle {
						anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter }
						width: Math.max(1, parent.width * 0.8)
						height: slot.modelData ? Math.max(2, parent.height * slot.modelData.mv / Math.max(10, root.mostMv)) : 0
						color: slot.modelData && slot.modelData.cell === root.usual ? Theme.color_orange : Theme.color_blue
					}
				}
			}
		}
		Label {
			objectName: "usual"
			width: parent.width
			wrapMode: Text.Wrap
			font.pixelSize: Theme.font_listItem_caption_size
			color: Theme.color_font_secondary
			//: %1: number of a cell; %2 of %3: so many half hours; %4: mV
			//% "Cell %1 in %2 of %3 half hours (orange); at most %4 mV below the mean of all"
			text: qsTrId("dbusbms_trend_usual").arg(root.usual).arg(root.usualCount).arg(root.known.length).arg(root.mostMv)
		}
	}
}
