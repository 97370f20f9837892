using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Logger.Export;

/// <summary>JSON has no infinity; a likelihood ratio may be one, and must not keep its alert from being told.</summary>
internal sealed class FiniteNumberConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(double.IsNaN(value) ? 0 : Math.Clamp(value, double.MinValue, double.MaxValue));
}
