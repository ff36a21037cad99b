pragma Singleton
import QtQuick
QtObject {
	readonly property var names: ["", "A", "V", "%", "kWh"]
	readonly property var usual: [0, 1, 2, 0, 1]
	function defaultUnitString(unit) { return names[unit] }
	function show(value, unit, decimals) {
		if (value === undefined || value === null) return "--"
		return (typeof value === "number" ? value.toFixed(decimals >= 0 ? decimals : usual[unit]) : value) + names[unit]
	}
}
