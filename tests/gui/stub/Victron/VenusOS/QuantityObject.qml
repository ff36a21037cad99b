import QtQuick
QtObject {
	property QtObject object
	property string key: "value"
	property int unit
	property int decimals: -1
	readonly property bool hasValue: !!object && object[key] !== undefined
	readonly property string textValue: Units.show(object ? object[key] : undefined, unit, decimals)
}
