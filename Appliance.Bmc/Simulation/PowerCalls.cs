using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>Power, reset, and what people noted about the slots.</summary>
internal sealed class PowerCalls(BoardHardware hardware, TimeProvider clock)
{
    public void Register(CallTable table)
    {
        table.OnGet("power", _ => GetPower());
        table.OnSet("power", SetPowerAsync);
        table.OnSet("reset", ResetAsync);
        table.OnGet("node_info", _ => GetNodes());
        table.OnGet("nodeinfo", _ => BoardAnswer.Result(new JsonArray(PerSlot(_ => JsonValue.Create(0)))));
        table.OnSet("nodeinfo", _ => BoardAnswer.Refusal(
            StatusCodes.Status501NotImplemented,
            "Method type `set` on parameter `nodeinfo` is deprecated"));
    }

    /// <summary>Notes names and modules; null leaves a value as it is, nothing can be cleared.</summary>
    public BoardAnswer SetNodes(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var changes = document.RootElement.EnumerateObject()
                .Select(entry => (Node: NodeIndex(entry.Name), Fields: entry.Value))
                .ToList();
            hardware.Change(record => record with
            {
                Nodes = [.. record.Nodes.Select((node, index) => changes.Where(change => change.Node == index).Aggregate(node, Apply))],
            });
            return BoardAnswer.Empty(StatusCodes.Status200OK);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return BoardAnswer.Text(StatusCodes.Status400BadRequest, $"Json deserialize error: {error.Message}");
        }
    }

    private static int NodeIndex(string key) => key switch
    {
        "Node1" => 0,
        "Node2" => 1,
        "Node3" => 2,
        "Node4" => 3,
        _ => throw new JsonException($"unknown variant `{key}`, expected one of `Node1`, `Node2`, `Node3`, `Node4`"),
    };

    private static NodeRecord Apply(NodeRecord node, (int Node, JsonElement Fields) change) => node with
    {
        Name = Text(change.Fields, "name") ?? node.Name,
        ModuleName = Text(change.Fields, "module_name") ?? node.ModuleName,
        UartBaud = change.Fields.TryGetProperty("uart_baud", out var baud) && baud.ValueKind != JsonValueKind.Null
            ? baud.GetUInt32()
            : node.UartBaud,
    };

    private static string? Text(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field.GetString() : null;

    private static JsonObject PerSlot(Func<int, JsonNode?> value)
    {
        var slots = new JsonObject();
        for (var node = 0; node < BoardHardware.SlotCount; node++)
        {
            slots[$"node{node + 1}"] = value(node);
        }

        return slots;
    }

    private BoardAnswer GetPower()
    {
        var power = hardware.Stored().Power;
        return BoardAnswer.Result(new JsonArray(PerSlot(node => JsonValue.Create((power & (1 << node)) != 0 ? "1" : "0"))));
    }

    private async ValueTask<BoardAnswer> SetPowerAsync(BoardQuery query, CancellationToken token)
    {
        int states = 0, mask = 0;
        for (var node = 0; node < BoardHardware.SlotCount; node++)
        {
            var key = $"node{node + 1}";
            var value = query[key];
            if (value is not (null or "0" or "1"))
            {
                return BoardAnswer.BadRequest($"Invalid value `{value}` for parameter `{key}`");
            }

            mask |= value is null ? 0 : 1 << node;
            states |= value == "1" ? 1 << node : 0;
        }

        if (mask == 0)
        {
            return BoardAnswer.Refusal(
                StatusCodes.Status500InternalServerError,
                "Failed to set power state: Condition failed: `mask != 0`");
        }

        await hardware.ActivateAsync((byte)states, (byte)mask, token);
        return BoardAnswer.Ok();
    }

    private async ValueTask<BoardAnswer> ResetAsync(BoardQuery query, CancellationToken token)
    {
        if (!query.TryNode(out var node, out var refusal))
        {
            return refusal;
        }

        await hardware.ResetAsync(node, token);
        return BoardAnswer.Ok();
    }

    private BoardAnswer GetNodes()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return BoardAnswer.Result(new JsonArray([.. hardware.Stored().Nodes.Select(node => new JsonObject
        {
            ["name"] = node.Name,
            ["module_name"] = node.ModuleName,
            ["power_on_time"] = now - node.PowerOnTime,
            ["uart_baud"] = node.UartBaud,
        })]));
    }
}
