namespace Appliance.Image.Tests;

/// <summary>The image for qemu, which all tests share.</summary>
public sealed class BuiltImage() : TargetImage("virt");
