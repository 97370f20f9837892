using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>One answer of the daemon, in the envelope that belongs to it.</summary>
internal sealed record BoardAnswer(int Status, string? MediaType, byte[] Body)
{
    private const string Json = "application/json";
    private const string Plain = "text/plain; charset=utf-8";

    // serde_json escapes nothing but quotes and control characters; the texts are full of backticks.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static BoardAnswer Ok() => Result(JsonValue.Create("ok"));

    public static BoardAnswer Result(JsonNode? result) => Envelope(StatusCodes.Status200OK, "result", result);

    public static BoardAnswer Console(string text) => Envelope(StatusCodes.Status200OK, "uart", JsonValue.Create(text));

    public static BoardAnswer Refusal(int status, string text) => Envelope(status, "result", JsonValue.Create(text));

    public static BoardAnswer BadRequest(string text) => Refusal(StatusCodes.Status400BadRequest, text);

    /// <summary>JSON without envelope, served as text: flash and firmware calls do so.</summary>
    public static BoardAnswer Bare(JsonNode node) => Text(StatusCodes.Status200OK, node.ToJsonString(Relaxed));

    public static BoardAnswer Text(int status, string text) => new(status, Plain, Encoding.UTF8.GetBytes(text));

    public static BoardAnswer Empty(int status) => new(status, null, []);

    /// <summary>A text as a JSON string.</summary>
    public static string Quote(string text) => JsonValue.Create(text).ToJsonString(Relaxed);

    public static BoardAnswer Page(string html) => new(StatusCodes.Status200OK, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html));

    public async Task WriteAsync(HttpResponse response, CancellationToken token)
    {
        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.ContentLength = Body.Length;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = HeaderText(value);
        }

        await response.Body.WriteAsync(Body, token);
    }

    // A refusal echoes what was sent; what no header may hold is replaced there, as the board's own server would refuse it.
    private static string HeaderText(string value) => string.Create(value.Length, value, (text, from) =>
    {
        for (var index = 0; index < from.Length; index++)
        {
            text[index] = from[index] is >= ' ' and <= '~' ? from[index] : '?';
        }
    });

    private static BoardAnswer Envelope(int status, string key, JsonNode? value)
    {
        var envelope = new JsonObject { ["response"] = new JsonArray(new JsonObject { [key] = value }) };
        return new(status, Json, Encoding.UTF8.GetBytes(envelope.ToJsonString(Relaxed)));
    }
}
