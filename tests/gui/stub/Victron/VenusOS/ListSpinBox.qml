import QtQuick
ListButton {
	readonly property VeQuickItem dataItem: VeQuickItem { }
	property string suffix
	property int decimals
	property real stepSize: 1
	property var presets: []
	property real from: !isNaN(dataItem.min) ? dataItem.min : 0
	property real to: !isNaN(dataItem.max) ? dataItem.max : 2147483647
	property var value: dataItem.valid ? dataItem.value : undefined
	signal selectorAccepted(newValue: var)
	interactive: dataItem.uid === "" || dataItem.valid
	secondaryText: value === undefined ? "--" : value.toFixed(decimals) + suffix
	// What "Set" of the dialog does.
	function accept(newValue) {
		if (!interactive || writeAccessLevel !== VenusOS.User_AccessType_User) return
		dataItem.setValue(newValue)
		selectorAccepted(newValue)
	}
}
