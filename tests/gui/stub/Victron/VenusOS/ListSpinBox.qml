import QtQuick
ListButton {
	readonly property VeQuickItem dataItem: VeQuickItem { }
	property string suffix
	property int decimals
	property real stepSize: 1
	property var presets: []
	property real from: !isNaN(dataItem.min) ? dataItem.min : 0
	property real to: !isNaN(dataItem.max) ? dataItem.max : 2147483647
	// On the screen this is 0 where nothing is known, and never outside the range.
	property real value: Math.min(to, Math.max(from, dataItem.valid ? dataItem.value : 0))
	signal selectorAccepted(newValue: var)
	interactive: dataItem.uid === "" || dataItem.valid
	secondaryText: value.toFixed(decimals) + suffix
	// What "Set" of the dialog does.
	function accept(newValue) {
		if (!interactive || writeAccessLevel !== VenusOS.User_AccessType_User) return
		dataItem.setValue(newValue)
		selectorAccepted(newValue)
	}
}
