import QtQuick
Page { required property Device device }
