import QtQuick
QtObject {
	property QtObject object
	property string key: "value"
	property int unit
	property int decimals: -1
	readonly property bool hasValue: !!object && object[key] !== undefined
	property var defaultValue
	// Without a default an unknown value is 0 on the screen.
	readonly property string textValue: Units.show(object && object[key] !== undefined ? object[key] : defaultValue !== undefined ? defaultValue : 0, unit, decimals)
}
