namespace Appliance.Evaluation.Windows;

/// <summary>A way of detecting that windows are scored by.</summary>
internal enum Method
{
    Product,
    Rate,
    NewDestination,
    Zeek,
}
