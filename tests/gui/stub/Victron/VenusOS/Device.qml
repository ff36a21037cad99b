import QtQuick
QtObject { property string serviceUid; property string serviceType: "battery"; property string name; property int productId }
