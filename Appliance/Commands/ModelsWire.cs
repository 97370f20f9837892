using System.Globalization;
using System.Text.Json;
using Appliance.Protos.Inference.V1;

namespace Appliance.Commands;

/// <summary>Prints models for people, one a row, or for programs, one JSON object a line.</summary>
internal static class ModelsWire
{
    private const int ShownDigits = 12;

    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<Model> models, IReadOnlyList<string> features)
    {
        if (format == OutputFormat.Json)
        {
            foreach (var model in models)
            {
                output.WriteLine(Line(model, features));
            }

            return;
        }

        output.WriteLine("VERSION  STATE   ID            SCHEMA  WEIGHTS  BYTES    CREATED               PROVIDER                   PROVENANCE");
        foreach (var model in models)
        {
            output.WriteLine(Row(model));
        }

        if (features.Count > 0)
        {
            output.WriteLine($"Features: {string.Join(", ", features)}");
        }
    }

    private static string Row(Model model) => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Version,-7}  {Word(model),-6}  {model.Id[..Math.Min(ShownDigits, model.Id.Length)],-12}  {model.SchemaVersion,-6}  {model.WeightsCount,-7}  {model.SizeBytes,-7}  {Created(model),-20}  {SiteCommand.Text(model.ExecutionProvider),-25}  {SiteCommand.Text(model.Provenance)}");

    private static string Line(Model model, IReadOnlyList<string> features)
    {
        var line = new Dictionary<string, object?>
        {
            ["version"] = model.Version,
            ["state"] = Word(model),
            ["id"] = model.Id,
            ["schema_version"] = model.SchemaVersion,
            ["weights_count"] = model.WeightsCount,
            ["size_bytes"] = model.SizeBytes,
            ["create_time"] = Created(model),
            ["execution_provider"] = model.ExecutionProvider,
            ["threshold"] = model.Threshold,
            ["provenance"] = model.Provenance,
        };
        if (features.Count > 0)
        {
            line["features"] = features;
        }

        return JsonSerializer.Serialize(line);
    }

    private static string Created(Model model) => model.CreateTime?.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-";

    private static string Word(Model model) => model.State.ToString().ToLowerInvariant();
}
