import QtQuick
import QtQml.Models

// The devices that were there when the page was made.
ListModel {
	id: root

	property var serviceTypes
	property var childFilterIds
	property var childFilterFunction

	Component.onCompleted: {
		for (const device of Bus.devices) {
			if (serviceTypes.indexOf(device.serviceType) < 0) continue
			const items = {}
			for (const id of childFilterIds[device.serviceType]) items[id] = { value: Bus.values[device.serviceUid + "/" + id] }
			if (childFilterFunction(device, items)) root.append({ "device": device })
		}
	}
}
